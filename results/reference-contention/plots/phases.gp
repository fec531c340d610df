# Run `gnuplot phases.gp` in this directory to draw the picture again.
set encoding utf8
set terminal svg size 900,1326 fixed enhanced font 'sans-serif,11' background rgb '#ffffff'
set output 'phases.svg'
unset key
set border 3 lc rgb '#888888' lw 0.8
set tics nomirror scale 0.5 noenhanced textcolor rgb '#222222'
set grid xtics ytics lc rgb '#dddddd' lw 0.6 dt solid
set label 1 '{/:Bold Where the time goes: phases near the median and near the p99}' at screen 0.01778, screen 0.98341 left font 'sans-serif,16' tc rgb '#222222'
set label 2 'means of operations of about that latency, median of 3 repeats' at screen 0.01778, screen 0.96682 left noenhanced font 'sans-serif,12' tc rgb '#666666'
set label 3 'run reference-contention · commit 089ed4d720 · SQLite 3.40.1 · median of 3 repeats · seed 42' at screen 0.01778, screen 0.02564 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 4 'AMD EPYC · 2 cores · ext4' at screen 0.01778, screen 0.01433 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 5 'claim, near p50, µs' at screen 0.19111, screen 0.94268 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 6 'claim, near p99, µs' at screen 0.67333, screen 0.94268 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 7 'enqueue, near p50, µs' at screen 0.19111, screen 0.65460 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 8 'enqueue, near p99, µs' at screen 0.67333, screen 0.65460 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 9 'complete, near p50, µs' at screen 0.19111, screen 0.36652 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 10 'complete, near p99, µs' at screen 0.67333, screen 0.36652 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 11 'phase, from left to right' at screen 0.01778, screen 0.08145 left noenhanced font 'sans-serif,11' tc rgb '#666666'
set object 11 rectangle from screen 0.02667, screen 0.07089 to screen 0.04444, screen 0.06184 fs solid noborder fc rgb '#cc79a7' front
set label 13 'late start' at screen 0.06222, screen 0.06637 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set object 13 rectangle from screen 0.02667, screen 0.05581 to screen 0.04444, screen 0.04676 fs solid noborder fc rgb '#e69f00' front
set label 15 'waiting for the lock' at screen 0.06222, screen 0.05128 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set object 15 rectangle from screen 0.26778, screen 0.07089 to screen 0.28556, screen 0.06184 fs solid noborder fc rgb '#0072b2' front
set label 17 'executing' at screen 0.30333, screen 0.06637 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set object 17 rectangle from screen 0.26778, screen 0.05581 to screen 0.28556, screen 0.04676 fs solid noborder fc rgb '#009e73' front
set label 19 'committing' at screen 0.30333, screen 0.05128 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set object 19 rectangle from screen 0.50889, screen 0.07089 to screen 0.52667, screen 0.06184 fs solid noborder fc rgb '#d55e00' front
set label 21 'checkpoint' at screen 0.54444, screen 0.06637 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set multiplot
set lmargin at screen 0.19111
set rmargin at screen 0.48667
set tmargin at screen 0.93363
set bmargin at screen 0.68778
unset grid
set grid xtics lc rgb '#dddddd' lw 0.6 dt solid
set xrange [0:39.69806]
set xtics ('0' 0.0, '20' 20.0)
set yrange [15.6:-0.6]
set ytics ('processes 2, sqlite' 0, 'processes 2, fixed' 1, 'processes 2, backoff' 2, 'processes 2, handoff' 3, 'processes 4, sqlite' 4, 'processes 4, fixed' 5, 'processes 4, backoff' 6, 'processes 4, handoff' 7, 'processes 8, sqlite' 8, 'processes 8, fixed' 9, 'processes 8, backoff' 10, 'processes 8, handoff' 11, 'processes 16, sqlite' 12, 'processes 16, fixed' 13, 'processes 16, backoff' 14, 'processes 16, handoff' 15) noenhanced
plot 'phases.dat' index 0 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#e69f00' notitle, \
  'phases.dat' index 1 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#0072b2' notitle, \
  'phases.dat' index 2 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#009e73' notitle
unset label
unset arrow
unset object
set lmargin at screen 0.67333
set rmargin at screen 0.96889
set tmargin at screen 0.93363
set bmargin at screen 0.68778
unset grid
set grid xtics lc rgb '#dddddd' lw 0.6 dt solid
set xrange [0:922.056951]
set xtics ('0' 0.0, '250' 250.0, '500' 500.0)
set yrange [15.6:-0.6]
set ytics ('processes 2, sqlite' 0, 'processes 2, fixed' 1, 'processes 2, backoff' 2, 'processes 2, handoff' 3, 'processes 4, sqlite' 4, 'processes 4, fixed' 5, 'processes 4, backoff' 6, 'processes 4, handoff' 7, 'processes 8, sqlite' 8, 'processes 8, fixed' 9, 'processes 8, backoff' 10, 'processes 8, handoff' 11, 'processes 16, sqlite' 12, 'processes 16, fixed' 13, 'processes 16, backoff' 14, 'processes 16, handoff' 15) noenhanced
plot 'phases.dat' index 3 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#e69f00' notitle, \
  'phases.dat' index 4 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#0072b2' notitle, \
  'phases.dat' index 5 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#009e73' notitle, \
  'phases.dat' index 6 using 2:1:3 with labels left offset 0.3,0 noenhanced font 'sans-serif,10' tc rgb '#222222' notitle
set lmargin at screen 0.19111
set rmargin at screen 0.48667
set tmargin at screen 0.64555
set bmargin at screen 0.39970
unset grid
set grid xtics lc rgb '#dddddd' lw 0.6 dt solid
set xrange [0:27.5123]
set xtics ('0' 0.0, '10' 10.0, '20' 20.0)
set yrange [15.6:-0.6]
set ytics ('processes 2, sqlite' 0, 'processes 2, fixed' 1, 'processes 2, backoff' 2, 'processes 2, handoff' 3, 'processes 4, sqlite' 4, 'processes 4, fixed' 5, 'processes 4, backoff' 6, 'processes 4, handoff' 7, 'processes 8, sqlite' 8, 'processes 8, fixed' 9, 'processes 8, backoff' 10, 'processes 8, handoff' 11, 'processes 16, sqlite' 12, 'processes 16, fixed' 13, 'processes 16, backoff' 14, 'processes 16, handoff' 15) noenhanced
plot 'phases.dat' index 7 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#e69f00' notitle, \
  'phases.dat' index 8 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#0072b2' notitle, \
  'phases.dat' index 9 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#009e73' notitle
set lmargin at screen 0.67333
set rmargin at screen 0.96889
set tmargin at screen 0.64555
set bmargin at screen 0.39970
unset grid
set grid xtics lc rgb '#dddddd' lw 0.6 dt solid
set xrange [0:122.808077]
set xtics ('0' 0.0, '50' 50.0)
set yrange [15.6:-0.6]
set ytics ('processes 2, sqlite' 0, 'processes 2, fixed' 1, 'processes 2, backoff' 2, 'processes 2, handoff' 3, 'processes 4, sqlite' 4, 'processes 4, fixed' 5, 'processes 4, backoff' 6, 'processes 4, handoff' 7, 'processes 8, sqlite' 8, 'processes 8, fixed' 9, 'processes 8, backoff' 10, 'processes 8, handoff' 11, 'processes 16, sqlite' 12, 'processes 16, fixed' 13, 'processes 16, backoff' 14, 'processes 16, handoff' 15) noenhanced
plot 'phases.dat' index 10 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#e69f00' notitle, \
  'phases.dat' index 11 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#0072b2' notitle, \
  'phases.dat' index 12 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#009e73' notitle, \
  'phases.dat' index 13 using 2:1:3 with labels left offset 0.3,0 noenhanced font 'sans-serif,10' tc rgb '#222222' notitle
set lmargin at screen 0.19111
set rmargin at screen 0.48667
set tmargin at screen 0.35747
set bmargin at screen 0.11161
unset grid
set grid xtics lc rgb '#dddddd' lw 0.6 dt solid
set xrange [0:22.14552]
set xtics ('0' 0.0, '10' 10.0, '20' 20.0)
set yrange [15.6:-0.6]
set ytics ('processes 2, sqlite' 0, 'processes 2, fixed' 1, 'processes 2, backoff' 2, 'processes 2, handoff' 3, 'processes 4, sqlite' 4, 'processes 4, fixed' 5, 'processes 4, backoff' 6, 'processes 4, handoff' 7, 'processes 8, sqlite' 8, 'processes 8, fixed' 9, 'processes 8, backoff' 10, 'processes 8, handoff' 11, 'processes 16, sqlite' 12, 'processes 16, fixed' 13, 'processes 16, backoff' 14, 'processes 16, handoff' 15) noenhanced
plot 'phases.dat' index 14 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#e69f00' notitle, \
  'phases.dat' index 15 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#0072b2' notitle, \
  'phases.dat' index 16 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#009e73' notitle
set lmargin at screen 0.67333
set rmargin at screen 0.96889
set tmargin at screen 0.35747
set bmargin at screen 0.11161
unset grid
set grid xtics lc rgb '#dddddd' lw 0.6 dt solid
set xrange [0:385.861938]
set xtics ('0' 0.0, '100' 100.0, '200' 200.0)
set yrange [15.6:-0.6]
set ytics ('processes 2, sqlite' 0, 'processes 2, fixed' 1, 'processes 2, backoff' 2, 'processes 2, handoff' 3, 'processes 4, sqlite' 4, 'processes 4, fixed' 5, 'processes 4, backoff' 6, 'processes 4, handoff' 7, 'processes 8, sqlite' 8, 'processes 8, fixed' 9, 'processes 8, backoff' 10, 'processes 8, handoff' 11, 'processes 16, sqlite' 12, 'processes 16, fixed' 13, 'processes 16, backoff' 14, 'processes 16, handoff' 15) noenhanced
plot 'phases.dat' index 17 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#e69f00' notitle, \
  'phases.dat' index 18 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#0072b2' notitle, \
  'phases.dat' index 19 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#009e73' notitle, \
  'phases.dat' index 20 using 2:1:3 with labels left offset 0.3,0 noenhanced font 'sans-serif,10' tc rgb '#222222' notitle
unset multiplot
unset output
