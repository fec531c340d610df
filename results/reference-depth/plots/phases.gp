# Run `gnuplot phases.gp` in this directory to draw the picture again.
set encoding utf8
set terminal svg size 900,846 fixed enhanced font 'sans-serif,11' background rgb '#ffffff'
set output 'phases.svg'
unset key
set border 3 lc rgb '#888888' lw 0.8
set tics nomirror scale 0.5 noenhanced textcolor rgb '#222222'
set grid xtics ytics lc rgb '#dddddd' lw 0.6 dt solid
set label 1 '{/:Bold Where the time goes: phases near the median and near the p99}' at screen 0.01778, screen 0.97400 left font 'sans-serif,16' tc rgb '#222222'
set label 2 'means of operations of about that latency, median of 3 repeats' at screen 0.01778, screen 0.94799 left noenhanced font 'sans-serif,12' tc rgb '#666666'
set label 3 'run reference-depth · commit 089ed4d720 · SQLite 3.40.1 · PRAGMAs 62c2dceee780 · median of 3 repeats · seed 42' at screen 0.01778, screen 0.04019 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 4 'AMD EPYC · 2 cores · ext4' at screen 0.01778, screen 0.02246 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 5 'claim, near p50, µs' at screen 0.20667, screen 0.91017 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 6 'claim, near p99, ms' at screen 0.68889, screen 0.91017 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 7 'enqueue, near p50, µs' at screen 0.20667, screen 0.64775 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 8 'enqueue, near p99, ms' at screen 0.68889, screen 0.64775 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 9 'complete, near p50, µs' at screen 0.20667, screen 0.38534 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 10 'complete, near p99, ms' at screen 0.68889, screen 0.38534 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 11 'phase, from left to right' at screen 0.01778, screen 0.12766 left noenhanced font 'sans-serif,11' tc rgb '#666666'
set object 11 rectangle from screen 0.02667, screen 0.11111 to screen 0.04444, screen 0.09693 fs solid noborder fc rgb '#cc79a7' front
set label 13 'late start' at screen 0.06222, screen 0.10402 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set object 13 rectangle from screen 0.02667, screen 0.08747 to screen 0.04444, screen 0.07329 fs solid noborder fc rgb '#e69f00' front
set label 15 'waiting for the lock' at screen 0.06222, screen 0.08038 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set object 15 rectangle from screen 0.26778, screen 0.11111 to screen 0.28556, screen 0.09693 fs solid noborder fc rgb '#0072b2' front
set label 17 'executing' at screen 0.30333, screen 0.10402 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set object 17 rectangle from screen 0.26778, screen 0.08747 to screen 0.28556, screen 0.07329 fs solid noborder fc rgb '#009e73' front
set label 19 'committing' at screen 0.30333, screen 0.08038 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set object 19 rectangle from screen 0.50889, screen 0.11111 to screen 0.52667, screen 0.09693 fs solid noborder fc rgb '#d55e00' front
set label 21 'checkpoint' at screen 0.54444, screen 0.10402 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set multiplot
set lmargin at screen 0.20667
set rmargin at screen 0.48667
set tmargin at screen 0.89598
set bmargin at screen 0.69976
unset grid
set grid xtics lc rgb '#dddddd' lw 0.6 dt solid
set xrange [0:33.77902]
set xtics ('0' 0.0, '20' 20.0)
set yrange [7.6:-0.6]
set ytics ('depth 1000, priority' 0, 'depth 1000, fifo' 1, 'depth 10000, priority' 2, 'depth 10000, fifo' 3, 'depth 100000, priority' 4, 'depth 100000, fifo' 5, 'depth 1000000, priority' 6, 'depth 1000000, fifo' 7) noenhanced
plot 'phases.dat' index 0 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#e69f00' notitle, \
  'phases.dat' index 1 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#0072b2' notitle, \
  'phases.dat' index 2 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#009e73' notitle
unset label
unset arrow
unset object
set lmargin at screen 0.68889
set rmargin at screen 0.96889
set tmargin at screen 0.89598
set bmargin at screen 0.69976
unset grid
set grid xtics lc rgb '#dddddd' lw 0.6 dt solid
set xrange [0:3.2771384]
set xtics ('0' 0.0, '2' 2.0)
set yrange [7.6:-0.6]
set ytics ('depth 1000, priority' 0, 'depth 1000, fifo' 1, 'depth 10000, priority' 2, 'depth 10000, fifo' 3, 'depth 100000, priority' 4, 'depth 100000, fifo' 5, 'depth 1000000, priority' 6, 'depth 1000000, fifo' 7) noenhanced
plot 'phases.dat' index 3 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#e69f00' notitle, \
  'phases.dat' index 4 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#0072b2' notitle, \
  'phases.dat' index 5 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#009e73' notitle
set lmargin at screen 0.20667
set rmargin at screen 0.48667
set tmargin at screen 0.63357
set bmargin at screen 0.43735
unset grid
set grid xtics lc rgb '#dddddd' lw 0.6 dt solid
set xrange [0:24.3482]
set xtics ('0' 0.0, '10' 10.0, '20' 20.0)
set yrange [7.6:-0.6]
set ytics ('depth 1000, priority' 0, 'depth 1000, fifo' 1, 'depth 10000, priority' 2, 'depth 10000, fifo' 3, 'depth 100000, priority' 4, 'depth 100000, fifo' 5, 'depth 1000000, priority' 6, 'depth 1000000, fifo' 7) noenhanced
plot 'phases.dat' index 6 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#e69f00' notitle, \
  'phases.dat' index 7 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#0072b2' notitle, \
  'phases.dat' index 8 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#009e73' notitle
set lmargin at screen 0.68889
set rmargin at screen 0.96889
set tmargin at screen 0.63357
set bmargin at screen 0.43735
unset grid
set grid xtics lc rgb '#dddddd' lw 0.6 dt solid
set xrange [0:2.97783892]
set xtics ('0' 0.0, '1' 1.0, '2' 2.0)
set yrange [7.6:-0.6]
set ytics ('depth 1000, priority' 0, 'depth 1000, fifo' 1, 'depth 10000, priority' 2, 'depth 10000, fifo' 3, 'depth 100000, priority' 4, 'depth 100000, fifo' 5, 'depth 1000000, priority' 6, 'depth 1000000, fifo' 7) noenhanced
plot 'phases.dat' index 9 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#e69f00' notitle, \
  'phases.dat' index 10 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#0072b2' notitle, \
  'phases.dat' index 11 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#009e73' notitle
set lmargin at screen 0.20667
set rmargin at screen 0.48667
set tmargin at screen 0.37116
set bmargin at screen 0.17494
unset grid
set grid xtics lc rgb '#dddddd' lw 0.6 dt solid
set xrange [0:18.08784]
set xtics ('0' 0.0, '10' 10.0)
set yrange [7.6:-0.6]
set ytics ('depth 1000, priority' 0, 'depth 1000, fifo' 1, 'depth 10000, priority' 2, 'depth 10000, fifo' 3, 'depth 100000, priority' 4, 'depth 100000, fifo' 5, 'depth 1000000, priority' 6, 'depth 1000000, fifo' 7) noenhanced
plot 'phases.dat' index 12 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#e69f00' notitle, \
  'phases.dat' index 13 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#0072b2' notitle, \
  'phases.dat' index 14 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#009e73' notitle
set lmargin at screen 0.68889
set rmargin at screen 0.96889
set tmargin at screen 0.37116
set bmargin at screen 0.17494
unset grid
set grid xtics lc rgb '#dddddd' lw 0.6 dt solid
set xrange [0:3.0544059]
set xtics ('0' 0.0, '2' 2.0)
set yrange [7.6:-0.6]
set ytics ('depth 1000, priority' 0, 'depth 1000, fifo' 1, 'depth 10000, priority' 2, 'depth 10000, fifo' 3, 'depth 100000, priority' 4, 'depth 100000, fifo' 5, 'depth 1000000, priority' 6, 'depth 1000000, fifo' 7) noenhanced
plot 'phases.dat' index 15 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#e69f00' notitle, \
  'phases.dat' index 16 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#0072b2' notitle, \
  'phases.dat' index 17 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#009e73' notitle
unset multiplot
unset output
