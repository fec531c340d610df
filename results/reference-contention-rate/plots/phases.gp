# Run `gnuplot phases.gp` in this directory to draw the picture again.
set encoding utf8
set terminal svg size 900,726 fixed enhanced font 'sans-serif,11' background rgb '#ffffff'
set output 'phases.svg'
unset key
set border 3 lc rgb '#888888' lw 0.8
set tics nomirror scale 0.5 noenhanced textcolor rgb '#222222'
set grid xtics ytics lc rgb '#dddddd' lw 0.6 dt solid
set label 1 '{/:Bold Where the time goes: phases near the median and near the p99}' at screen 0.01778, screen 0.96970 left font 'sans-serif,16' tc rgb '#222222'
set label 2 'means of operations of about that latency, median of 6 repeats' at screen 0.01778, screen 0.93939 left noenhanced font 'sans-serif,12' tc rgb '#666666'
set label 3 'run reference-contention-rate · commit 089ed4d720 · SQLite 3.40.1 · median of 6 repeats · seed 42' at screen 0.01778, screen 0.04683 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 4 'AMD EPYC · 2 cores · ext4' at screen 0.01778, screen 0.02617 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 5 'claim, near p50, µs' at screen 0.18444, screen 0.89532 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 6 'claim, near p99, µs' at screen 0.66667, screen 0.89532 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 7 'enqueue, near p50, µs' at screen 0.18444, screen 0.64463 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 8 'enqueue, near p99, µs' at screen 0.66667, screen 0.64463 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 9 'complete, near p50, µs' at screen 0.18444, screen 0.39394 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 10 'complete, near p99, µs' at screen 0.66667, screen 0.39394 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 11 'phase, from left to right' at screen 0.01778, screen 0.14876 left noenhanced font 'sans-serif,11' tc rgb '#666666'
set object 11 rectangle from screen 0.02667, screen 0.12948 to screen 0.04444, screen 0.11295 fs solid noborder fc rgb '#cc79a7' front
set label 13 'late start' at screen 0.06222, screen 0.12121 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set object 13 rectangle from screen 0.02667, screen 0.10193 to screen 0.04444, screen 0.08540 fs solid noborder fc rgb '#e69f00' front
set label 15 'waiting for the lock' at screen 0.06222, screen 0.09366 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set object 15 rectangle from screen 0.26778, screen 0.12948 to screen 0.28556, screen 0.11295 fs solid noborder fc rgb '#0072b2' front
set label 17 'executing' at screen 0.30333, screen 0.12121 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set object 17 rectangle from screen 0.26778, screen 0.10193 to screen 0.28556, screen 0.08540 fs solid noborder fc rgb '#009e73' front
set label 19 'committing' at screen 0.30333, screen 0.09366 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set object 19 rectangle from screen 0.50889, screen 0.12948 to screen 0.52667, screen 0.11295 fs solid noborder fc rgb '#d55e00' front
set label 21 'checkpoint' at screen 0.54444, screen 0.12121 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set multiplot
set lmargin at screen 0.18444
set rmargin at screen 0.48667
set tmargin at screen 0.87879
set bmargin at screen 0.70523
unset grid
set grid xtics lc rgb '#dddddd' lw 0.6 dt solid
set xrange [0:108.54771]
set xtics ('0' 0.0, '25' 25.0, '50' 50.0, '75' 75.0, '100' 100.0)
set yrange [5.6:-0.6]
set ytics ('rate 670/s, sqlite' 0, 'rate 670/s, handoff' 1, 'rate 2000/s, sqlite' 2, 'rate 2000/s, handoff' 3, 'closed, sqlite' 4, 'closed, handoff' 5) noenhanced
plot 'phases.dat' index 0 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#e69f00' notitle, \
  'phases.dat' index 1 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#0072b2' notitle, \
  'phases.dat' index 2 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#009e73' notitle
unset label
unset arrow
unset object
set lmargin at screen 0.66667
set rmargin at screen 0.96889
set tmargin at screen 0.87879
set bmargin at screen 0.70523
unset grid
set grid xtics lc rgb '#dddddd' lw 0.6 dt solid
set xrange [0:330.850634]
set xtics ('0' 0.0, '50' 50.0, '100' 100.0, '150' 150.0, '200' 200.0)
set yrange [5.6:-0.6]
set ytics ('rate 670/s, sqlite' 0, 'rate 670/s, handoff' 1, 'rate 2000/s, sqlite' 2, 'rate 2000/s, handoff' 3, 'closed, sqlite' 4, 'closed, handoff' 5) noenhanced
plot 'phases.dat' index 3 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#e69f00' notitle, \
  'phases.dat' index 4 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#0072b2' notitle, \
  'phases.dat' index 5 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#009e73' notitle, \
  'phases.dat' index 6 using 2:1:3 with labels left offset 0.3,0 noenhanced font 'sans-serif,10' tc rgb '#222222' notitle
set lmargin at screen 0.18444
set rmargin at screen 0.48667
set tmargin at screen 0.62810
set bmargin at screen 0.45455
unset grid
set grid xtics lc rgb '#dddddd' lw 0.6 dt solid
set xrange [0:98.09876]
set xtics ('0' 0.0, '20' 20.0, '40' 40.0, '60' 60.0, '80' 80.0)
set yrange [5.6:-0.6]
set ytics ('rate 670/s, sqlite' 0, 'rate 670/s, handoff' 1, 'rate 2000/s, sqlite' 2, 'rate 2000/s, handoff' 3, 'closed, sqlite' 4, 'closed, handoff' 5) noenhanced
plot 'phases.dat' index 7 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#cc79a7' notitle, \
  'phases.dat' index 8 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#e69f00' notitle, \
  'phases.dat' index 9 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#0072b2' notitle, \
  'phases.dat' index 10 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#009e73' notitle
set lmargin at screen 0.66667
set rmargin at screen 0.96889
set tmargin at screen 0.62810
set bmargin at screen 0.45455
unset grid
set grid xtics lc rgb '#dddddd' lw 0.6 dt solid
set xrange [0:614.607402]
set xtics ('0' 0.0, '100' 100.0, '200' 200.0, '300' 300.0, '400' 400.0)
set yrange [5.6:-0.6]
set ytics ('rate 670/s, sqlite' 0, 'rate 670/s, handoff' 1, 'rate 2000/s, sqlite' 2, 'rate 2000/s, handoff' 3, 'closed, sqlite' 4, 'closed, handoff' 5) noenhanced
plot 'phases.dat' index 11 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#cc79a7' notitle, \
  'phases.dat' index 12 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#e69f00' notitle, \
  'phases.dat' index 13 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#0072b2' notitle, \
  'phases.dat' index 14 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#009e73' notitle, \
  'phases.dat' index 15 using 2:1:3 with labels left offset 0.3,0 noenhanced font 'sans-serif,10' tc rgb '#222222' notitle
set lmargin at screen 0.18444
set rmargin at screen 0.48667
set tmargin at screen 0.37741
set bmargin at screen 0.20386
unset grid
set grid xtics lc rgb '#dddddd' lw 0.6 dt solid
set xrange [0:23.77315]
set xtics ('0' 0.0, '5' 5.0, '10' 10.0, '15' 15.0, '20' 20.0)
set yrange [5.6:-0.6]
set ytics ('rate 670/s, sqlite' 0, 'rate 670/s, handoff' 1, 'rate 2000/s, sqlite' 2, 'rate 2000/s, handoff' 3, 'closed, sqlite' 4, 'closed, handoff' 5) noenhanced
plot 'phases.dat' index 16 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#e69f00' notitle, \
  'phases.dat' index 17 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#0072b2' notitle, \
  'phases.dat' index 18 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#009e73' notitle
set lmargin at screen 0.66667
set rmargin at screen 0.96889
set tmargin at screen 0.37741
set bmargin at screen 0.20386
unset grid
set grid xtics lc rgb '#dddddd' lw 0.6 dt solid
set xrange [0:72.7526124]
set xtics ('0' 0.0, '20' 20.0, '40' 40.0)
set yrange [5.6:-0.6]
set ytics ('rate 670/s, sqlite' 0, 'rate 670/s, handoff' 1, 'rate 2000/s, sqlite' 2, 'rate 2000/s, handoff' 3, 'closed, sqlite' 4, 'closed, handoff' 5) noenhanced
plot 'phases.dat' index 19 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#e69f00' notitle, \
  'phases.dat' index 20 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#0072b2' notitle, \
  'phases.dat' index 21 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#009e73' notitle, \
  'phases.dat' index 22 using 2:1:3 with labels left offset 0.3,0 noenhanced font 'sans-serif,10' tc rgb '#222222' notitle
unset multiplot
unset output
