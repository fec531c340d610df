# Run `gnuplot phases.gp` in this directory to draw the picture again.
set encoding utf8
set terminal svg size 900,546 fixed enhanced font 'sans-serif,11' background rgb '#ffffff'
set output 'phases.svg'
unset key
set border 3 lc rgb '#888888' lw 0.8
set tics nomirror scale 0.5 noenhanced textcolor rgb '#222222'
set grid xtics ytics lc rgb '#dddddd' lw 0.6 dt solid
set label 1 '{/:Bold Where the time goes: phases near the median and near the p99}' at screen 0.01778, screen 0.95971 left font 'sans-serif,16' tc rgb '#222222'
set label 2 'means of operations of about that latency, median of 3 repeats' at screen 0.01778, screen 0.91941 left noenhanced font 'sans-serif,12' tc rgb '#666666'
set label 3 'run reference-operations · commit 0c03dab2c6 · SQLite 3.40.1 · PRAGMAs 62c2dceee780 · median of 3 repeats · seed 500' at screen 0.01778, screen 0.06227 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 4 'AMD EPYC · 2 cores · ext4' at screen 0.01778, screen 0.03480 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 5 'claim, near p50, µs' at screen 0.23000, screen 0.86081 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 6 'claim, near p99, µs' at screen 0.71222, screen 0.86081 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 7 'enqueue, near p50, µs' at screen 0.23000, screen 0.63736 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 8 'enqueue, near p99, ms' at screen 0.71222, screen 0.63736 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 9 'complete, near p50, µs' at screen 0.23000, screen 0.41392 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 10 'complete, near p99, µs' at screen 0.71222, screen 0.41392 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 11 'phase, from left to right' at screen 0.01778, screen 0.19780 left noenhanced font 'sans-serif,11' tc rgb '#666666'
set object 11 rectangle from screen 0.02667, screen 0.17216 to screen 0.04444, screen 0.15018 fs solid noborder fc rgb '#cc79a7' front
set label 13 'late start' at screen 0.06222, screen 0.16117 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set object 13 rectangle from screen 0.02667, screen 0.13553 to screen 0.04444, screen 0.11355 fs solid noborder fc rgb '#e69f00' front
set label 15 'waiting for the lock' at screen 0.06222, screen 0.12454 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set object 15 rectangle from screen 0.26778, screen 0.17216 to screen 0.28556, screen 0.15018 fs solid noborder fc rgb '#0072b2' front
set label 17 'executing' at screen 0.30333, screen 0.16117 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set object 17 rectangle from screen 0.26778, screen 0.13553 to screen 0.28556, screen 0.11355 fs solid noborder fc rgb '#009e73' front
set label 19 'committing' at screen 0.30333, screen 0.12454 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set object 19 rectangle from screen 0.50889, screen 0.17216 to screen 0.52667, screen 0.15018 fs solid noborder fc rgb '#d55e00' front
set label 21 'checkpoint' at screen 0.54444, screen 0.16117 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set multiplot
set lmargin at screen 0.23000
set rmargin at screen 0.48667
set tmargin at screen 0.83883
set bmargin at screen 0.71795
unset grid
set grid xtics lc rgb '#dddddd' lw 0.6 dt solid
set xrange [0:101.9614]
set xtics ('0' 0.0, '50' 50.0, '100' 100.0)
set yrange [2.6:-0.6]
set ytics ('none' 0, 'command(run=taskq…s at=1s)' 1, 'command(run=taskq…s at=1s)' 2) noenhanced
plot 'phases.dat' index 0 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#e69f00' notitle, \
  'phases.dat' index 1 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#0072b2' notitle, \
  'phases.dat' index 2 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#009e73' notitle
unset label
unset arrow
unset object
set lmargin at screen 0.71222
set rmargin at screen 0.96889
set tmargin at screen 0.83883
set bmargin at screen 0.71795
unset grid
set grid xtics lc rgb '#dddddd' lw 0.6 dt solid
set xrange [0:519.0396]
set xtics ('0' 0.0, '200' 200.0, '400' 400.0)
set yrange [2.6:-0.6]
set ytics ('none' 0, 'command(run=taskq…s at=1s)' 1, 'command(run=taskq…s at=1s)' 2) noenhanced
plot 'phases.dat' index 3 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#e69f00' notitle, \
  'phases.dat' index 4 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#0072b2' notitle, \
  'phases.dat' index 5 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#009e73' notitle
set lmargin at screen 0.23000
set rmargin at screen 0.48667
set tmargin at screen 0.61538
set bmargin at screen 0.49451
unset grid
set grid xtics lc rgb '#dddddd' lw 0.6 dt solid
set xrange [0:143.13922]
set xtics ('0' 0.0, '50' 50.0, '100' 100.0)
set yrange [2.6:-0.6]
set ytics ('none' 0, 'command(run=taskq…s at=1s)' 1, 'command(run=taskq…s at=1s)' 2) noenhanced
plot 'phases.dat' index 6 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#cc79a7' notitle, \
  'phases.dat' index 7 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#e69f00' notitle, \
  'phases.dat' index 8 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#0072b2' notitle, \
  'phases.dat' index 9 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#009e73' notitle
set lmargin at screen 0.71222
set rmargin at screen 0.96889
set tmargin at screen 0.61538
set bmargin at screen 0.49451
unset grid
set grid xtics lc rgb '#dddddd' lw 0.6 dt solid
set xrange [0:2.24425214]
set xtics ('0' 0.0, '1' 1.0, '2' 2.0)
set yrange [2.6:-0.6]
set ytics ('none' 0, 'command(run=taskq…s at=1s)' 1, 'command(run=taskq…s at=1s)' 2) noenhanced
plot 'phases.dat' index 10 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#cc79a7' notitle, \
  'phases.dat' index 11 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#e69f00' notitle, \
  'phases.dat' index 12 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#0072b2' notitle, \
  'phases.dat' index 13 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#009e73' notitle
set lmargin at screen 0.23000
set rmargin at screen 0.48667
set tmargin at screen 0.39194
set bmargin at screen 0.27106
unset grid
set grid xtics lc rgb '#dddddd' lw 0.6 dt solid
set xrange [0:101.94868]
set xtics ('0' 0.0, '50' 50.0, '100' 100.0)
set yrange [2.6:-0.6]
set ytics ('none' 0, 'command(run=taskq…s at=1s)' 1, 'command(run=taskq…s at=1s)' 2) noenhanced
plot 'phases.dat' index 14 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#e69f00' notitle, \
  'phases.dat' index 15 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#0072b2' notitle, \
  'phases.dat' index 16 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#009e73' notitle
set lmargin at screen 0.71222
set rmargin at screen 0.96889
set tmargin at screen 0.39194
set bmargin at screen 0.27106
unset grid
set grid xtics lc rgb '#dddddd' lw 0.6 dt solid
set xrange [0:702.4196]
set xtics ('0' 0.0, '250' 250.0, '500' 500.0)
set yrange [2.6:-0.6]
set ytics ('none' 0, 'command(run=taskq…s at=1s)' 1, 'command(run=taskq…s at=1s)' 2) noenhanced
plot 'phases.dat' index 17 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#e69f00' notitle, \
  'phases.dat' index 18 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#0072b2' notitle, \
  'phases.dat' index 19 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#009e73' notitle
unset multiplot
unset output
