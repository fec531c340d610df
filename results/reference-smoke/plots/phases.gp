# Run `gnuplot phases.gp` in this directory to draw the picture again.
set encoding utf8
set terminal svg size 900,606 fixed enhanced font 'sans-serif,11' background rgb '#ffffff'
set output 'phases.svg'
unset key
set border 3 lc rgb '#888888' lw 0.8
set tics nomirror scale 0.5 noenhanced textcolor rgb '#222222'
set grid xtics ytics lc rgb '#dddddd' lw 0.6 dt solid
set label 1 '{/:Bold Where the time goes: phases near the median and near the p99}' at screen 0.01778, screen 0.96370 left font 'sans-serif,16' tc rgb '#222222'
set label 2 'means of operations of about that latency, median of 6 repeats' at screen 0.01778, screen 0.92739 left noenhanced font 'sans-serif,12' tc rgb '#666666'
set label 3 'run reference-smoke · commit 089ed4d720 · SQLite 3.40.1 · median of 6 repeats · seed 7' at screen 0.01778, screen 0.05611 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 4 'AMD EPYC · 2 cores · ext4' at screen 0.01778, screen 0.03135 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 5 'claim, near p50, µs' at screen 0.15333, screen 0.87459 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 6 'claim, near p99, ms' at screen 0.63556, screen 0.87459 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 7 'enqueue, near p50, µs' at screen 0.15333, screen 0.64026 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 8 'enqueue, near p99, ms' at screen 0.63556, screen 0.64026 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 9 'complete, near p50, µs' at screen 0.15333, screen 0.40594 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 10 'complete, near p99, ms' at screen 0.63556, screen 0.40594 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 11 'phase, from left to right' at screen 0.01778, screen 0.17822 left noenhanced font 'sans-serif,11' tc rgb '#666666'
set object 11 rectangle from screen 0.02667, screen 0.15512 to screen 0.04444, screen 0.13531 fs solid noborder fc rgb '#cc79a7' front
set label 13 'late start' at screen 0.06222, screen 0.14521 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set object 13 rectangle from screen 0.02667, screen 0.12211 to screen 0.04444, screen 0.10231 fs solid noborder fc rgb '#e69f00' front
set label 15 'waiting for the lock' at screen 0.06222, screen 0.11221 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set object 15 rectangle from screen 0.26778, screen 0.15512 to screen 0.28556, screen 0.13531 fs solid noborder fc rgb '#0072b2' front
set label 17 'executing' at screen 0.30333, screen 0.14521 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set object 17 rectangle from screen 0.26778, screen 0.12211 to screen 0.28556, screen 0.10231 fs solid noborder fc rgb '#009e73' front
set label 19 'committing' at screen 0.30333, screen 0.11221 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set object 19 rectangle from screen 0.50889, screen 0.15512 to screen 0.52667, screen 0.13531 fs solid noborder fc rgb '#d55e00' front
set label 21 'checkpoint' at screen 0.54444, screen 0.14521 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set multiplot
set lmargin at screen 0.15333
set rmargin at screen 0.48667
set tmargin at screen 0.85479
set bmargin at screen 0.71287
unset grid
set grid xtics lc rgb '#dddddd' lw 0.6 dt solid
set xrange [0:706.37817]
set xtics ('0' 0.0, '200' 200.0, '400' 400.0, '600' 600.0)
set yrange [3.6:-0.6]
set ytics ('NORMAL, fifo' 0, 'NORMAL, priority' 1, 'FULL, fifo' 2, 'FULL, priority' 3) noenhanced
plot 'phases.dat' index 0 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#e69f00' notitle, \
  'phases.dat' index 1 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#0072b2' notitle, \
  'phases.dat' index 2 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#009e73' notitle
unset label
unset arrow
unset object
set lmargin at screen 0.63556
set rmargin at screen 0.96889
set tmargin at screen 0.85479
set bmargin at screen 0.71287
unset grid
set grid xtics lc rgb '#dddddd' lw 0.6 dt solid
set xrange [0:3.41438084]
set xtics ('0' 0.0, '1' 1.0, '2' 2.0, '3' 3.0)
set yrange [3.6:-0.6]
set ytics ('NORMAL, fifo' 0, 'NORMAL, priority' 1, 'FULL, fifo' 2, 'FULL, priority' 3) noenhanced
plot 'phases.dat' index 3 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#e69f00' notitle, \
  'phases.dat' index 4 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#0072b2' notitle, \
  'phases.dat' index 5 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#009e73' notitle
set lmargin at screen 0.15333
set rmargin at screen 0.48667
set tmargin at screen 0.62046
set bmargin at screen 0.47855
unset grid
set grid xtics lc rgb '#dddddd' lw 0.6 dt solid
set xrange [0:678.80386]
set xtics ('0' 0.0, '200' 200.0, '400' 400.0, '600' 600.0)
set yrange [3.6:-0.6]
set ytics ('NORMAL, fifo' 0, 'NORMAL, priority' 1, 'FULL, fifo' 2, 'FULL, priority' 3) noenhanced
plot 'phases.dat' index 6 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#e69f00' notitle, \
  'phases.dat' index 7 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#0072b2' notitle, \
  'phases.dat' index 8 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#009e73' notitle
set lmargin at screen 0.63556
set rmargin at screen 0.96889
set tmargin at screen 0.62046
set bmargin at screen 0.47855
unset grid
set grid xtics lc rgb '#dddddd' lw 0.6 dt solid
set xrange [0:3.12502151]
set xtics ('0' 0.0, '1' 1.0, '2' 2.0, '3' 3.0)
set yrange [3.6:-0.6]
set ytics ('NORMAL, fifo' 0, 'NORMAL, priority' 1, 'FULL, fifo' 2, 'FULL, priority' 3) noenhanced
plot 'phases.dat' index 9 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#e69f00' notitle, \
  'phases.dat' index 10 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#0072b2' notitle, \
  'phases.dat' index 11 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#009e73' notitle
set lmargin at screen 0.15333
set rmargin at screen 0.48667
set tmargin at screen 0.38614
set bmargin at screen 0.24422
unset grid
set grid xtics lc rgb '#dddddd' lw 0.6 dt solid
set xrange [0:648.76399]
set xtics ('0' 0.0, '200' 200.0, '400' 400.0, '600' 600.0)
set yrange [3.6:-0.6]
set ytics ('NORMAL, fifo' 0, 'NORMAL, priority' 1, 'FULL, fifo' 2, 'FULL, priority' 3) noenhanced
plot 'phases.dat' index 12 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#e69f00' notitle, \
  'phases.dat' index 13 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#0072b2' notitle, \
  'phases.dat' index 14 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#009e73' notitle
set lmargin at screen 0.63556
set rmargin at screen 0.96889
set tmargin at screen 0.38614
set bmargin at screen 0.24422
unset grid
set grid xtics lc rgb '#dddddd' lw 0.6 dt solid
set xrange [0:3.38930866]
set xtics ('0' 0.0, '1' 1.0, '2' 2.0, '3' 3.0)
set yrange [3.6:-0.6]
set ytics ('NORMAL, fifo' 0, 'NORMAL, priority' 1, 'FULL, fifo' 2, 'FULL, priority' 3) noenhanced
plot 'phases.dat' index 15 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#e69f00' notitle, \
  'phases.dat' index 16 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#0072b2' notitle, \
  'phases.dat' index 17 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#009e73' notitle
unset multiplot
unset output
