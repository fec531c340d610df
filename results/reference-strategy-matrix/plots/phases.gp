# Run `gnuplot phases.gp` in this directory to draw the picture again.
set encoding utf8
set terminal svg size 900,1206 fixed enhanced font 'sans-serif,11' background rgb '#ffffff'
set output 'phases.svg'
unset key
set border 3 lc rgb '#888888' lw 0.8
set tics nomirror scale 0.5 noenhanced textcolor rgb '#222222'
set grid xtics ytics lc rgb '#dddddd' lw 0.6 dt solid
set label 1 '{/:Bold Where the time goes: phases near the median and near the p99}' at screen 0.01778, screen 0.98176 left font 'sans-serif,16' tc rgb '#222222'
set label 2 'means of operations of about that latency, median of 3 repeats' at screen 0.01778, screen 0.96352 left noenhanced font 'sans-serif,12' tc rgb '#666666'
set label 3 'run reference-strategy-matrix · commit 089ed4d720 · SQLite 3.40.1 · PRAGMAs 62c2dceee780 · median of 3 repeats · seed 42' at screen 0.01778, screen 0.02819 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 4 'AMD EPYC · 2 cores · ext4' at screen 0.01778, screen 0.01575 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 5 'claim, near p50, µs' at screen 0.23000, screen 0.93698 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 6 'claim, near p99, ms' at screen 0.71222, screen 0.93698 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 7 'enqueue, near p50, µs' at screen 0.23000, screen 0.65340 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 8 'enqueue, near p99, ms' at screen 0.71222, screen 0.65340 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 9 'complete, near p50, µs' at screen 0.23000, screen 0.36982 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 10 'complete, near p99, ms' at screen 0.71222, screen 0.36982 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 11 'phase, from left to right' at screen 0.01778, screen 0.08955 left noenhanced font 'sans-serif,11' tc rgb '#666666'
set object 11 rectangle from screen 0.02667, screen 0.07794 to screen 0.04444, screen 0.06799 fs solid noborder fc rgb '#cc79a7' front
set label 13 'late start' at screen 0.06222, screen 0.07297 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set object 13 rectangle from screen 0.02667, screen 0.06136 to screen 0.04444, screen 0.05141 fs solid noborder fc rgb '#e69f00' front
set label 15 'waiting for the lock' at screen 0.06222, screen 0.05638 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set object 15 rectangle from screen 0.26778, screen 0.07794 to screen 0.28556, screen 0.06799 fs solid noborder fc rgb '#0072b2' front
set label 17 'executing' at screen 0.30333, screen 0.07297 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set object 17 rectangle from screen 0.26778, screen 0.06136 to screen 0.28556, screen 0.05141 fs solid noborder fc rgb '#009e73' front
set label 19 'committing' at screen 0.30333, screen 0.05638 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set object 19 rectangle from screen 0.50889, screen 0.07794 to screen 0.52667, screen 0.06799 fs solid noborder fc rgb '#d55e00' front
set label 21 'checkpoint' at screen 0.54444, screen 0.07297 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set multiplot
set lmargin at screen 0.23000
set rmargin at screen 0.48667
set tmargin at screen 0.92703
set bmargin at screen 0.68988
unset grid
set grid xtics lc rgb '#dddddd' lw 0.6 dt solid
set xrange [0:72.992219]
set xtics ('0' 0.0, '20' 20.0, '40' 40.0)
set yrange [13.6:-0.6]
set ytics ('fifo, depth 0' 0, 'fifo, depth 1000' 1, 'fifo, depth 100000' 2, 'lifo, depth 0' 3, 'lifo, depth 1000' 4, 'lifo, depth 100000' 5, 'priority, depth 0' 6, 'priority, depth 1000' 7, 'priority, depth 100000' 8, 'weighted_random, depth 0' 9, 'weighted_random, …pth 1000' 10, 'weighted_random, …h 100000' 11, 'order_by_random, …pth 1000' 12, 'order_by_random, …h 100000' 13) noenhanced
plot 'phases.dat' index 0 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#e69f00' notitle, \
  'phases.dat' index 1 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#0072b2' notitle, \
  'phases.dat' index 2 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#009e73' notitle, \
  'phases.dat' index 3 using 2:1:3 with labels left offset 0.3,0 noenhanced font 'sans-serif,10' tc rgb '#222222' notitle
unset label
unset arrow
unset object
set lmargin at screen 0.71222
set rmargin at screen 0.96889
set tmargin at screen 0.92703
set bmargin at screen 0.68988
unset grid
set grid xtics lc rgb '#dddddd' lw 0.6 dt solid
set xrange [0:10.9902761]
set xtics ('0' 0.0, '5' 5.0, '10' 10.0)
set yrange [13.6:-0.6]
set ytics ('fifo, depth 0' 0, 'fifo, depth 1000' 1, 'fifo, depth 100000' 2, 'lifo, depth 0' 3, 'lifo, depth 1000' 4, 'lifo, depth 100000' 5, 'priority, depth 0' 6, 'priority, depth 1000' 7, 'priority, depth 100000' 8, 'weighted_random, depth 0' 9, 'weighted_random, …pth 1000' 10, 'weighted_random, …h 100000' 11, 'order_by_random, …pth 1000' 12, 'order_by_random, …h 100000' 13) noenhanced
plot 'phases.dat' index 4 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#e69f00' notitle, \
  'phases.dat' index 5 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#0072b2' notitle, \
  'phases.dat' index 6 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#009e73' notitle
set lmargin at screen 0.23000
set rmargin at screen 0.48667
set tmargin at screen 0.64345
set bmargin at screen 0.40630
unset grid
set grid xtics lc rgb '#dddddd' lw 0.6 dt solid
set xrange [0:27.38404]
set xtics ('0' 0.0, '10' 10.0, '20' 20.0)
set yrange [13.6:-0.6]
set ytics ('fifo, depth 0' 0, 'fifo, depth 1000' 1, 'fifo, depth 100000' 2, 'lifo, depth 0' 3, 'lifo, depth 1000' 4, 'lifo, depth 100000' 5, 'priority, depth 0' 6, 'priority, depth 1000' 7, 'priority, depth 100000' 8, 'weighted_random, depth 0' 9, 'weighted_random, …pth 1000' 10, 'weighted_random, …h 100000' 11, 'order_by_random, …pth 1000' 12, 'order_by_random, …h 100000' 13) noenhanced
plot 'phases.dat' index 7 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#e69f00' notitle, \
  'phases.dat' index 8 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#0072b2' notitle, \
  'phases.dat' index 9 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#009e73' notitle
set lmargin at screen 0.71222
set rmargin at screen 0.96889
set tmargin at screen 0.64345
set bmargin at screen 0.40630
unset grid
set grid xtics lc rgb '#dddddd' lw 0.6 dt solid
set xrange [0:10.1891667]
set xtics ('0' 0.0, '5' 5.0)
set yrange [13.6:-0.6]
set ytics ('fifo, depth 0' 0, 'fifo, depth 1000' 1, 'fifo, depth 100000' 2, 'lifo, depth 0' 3, 'lifo, depth 1000' 4, 'lifo, depth 100000' 5, 'priority, depth 0' 6, 'priority, depth 1000' 7, 'priority, depth 100000' 8, 'weighted_random, depth 0' 9, 'weighted_random, …pth 1000' 10, 'weighted_random, …h 100000' 11, 'order_by_random, …pth 1000' 12, 'order_by_random, …h 100000' 13) noenhanced
plot 'phases.dat' index 10 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#e69f00' notitle, \
  'phases.dat' index 11 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#0072b2' notitle, \
  'phases.dat' index 12 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#009e73' notitle, \
  'phases.dat' index 13 using 2:1:3 with labels left offset 0.3,0 noenhanced font 'sans-serif,10' tc rgb '#222222' notitle
set lmargin at screen 0.23000
set rmargin at screen 0.48667
set tmargin at screen 0.35987
set bmargin at screen 0.12272
unset grid
set grid xtics lc rgb '#dddddd' lw 0.6 dt solid
set xrange [0:26.6290783]
set xtics ('0' 0.0, '10' 10.0)
set yrange [13.6:-0.6]
set ytics ('fifo, depth 0' 0, 'fifo, depth 1000' 1, 'fifo, depth 100000' 2, 'lifo, depth 0' 3, 'lifo, depth 1000' 4, 'lifo, depth 100000' 5, 'priority, depth 0' 6, 'priority, depth 1000' 7, 'priority, depth 100000' 8, 'weighted_random, depth 0' 9, 'weighted_random, …pth 1000' 10, 'weighted_random, …h 100000' 11, 'order_by_random, …pth 1000' 12, 'order_by_random, …h 100000' 13) noenhanced
plot 'phases.dat' index 14 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#e69f00' notitle, \
  'phases.dat' index 15 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#0072b2' notitle, \
  'phases.dat' index 16 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#009e73' notitle, \
  'phases.dat' index 17 using 2:1:3 with labels left offset 0.3,0 noenhanced font 'sans-serif,10' tc rgb '#222222' notitle
set lmargin at screen 0.71222
set rmargin at screen 0.96889
set tmargin at screen 0.35987
set bmargin at screen 0.12272
unset grid
set grid xtics lc rgb '#dddddd' lw 0.6 dt solid
set xrange [0:9.5550149]
set xtics ('0' 0.0, '5' 5.0)
set yrange [13.6:-0.6]
set ytics ('fifo, depth 0' 0, 'fifo, depth 1000' 1, 'fifo, depth 100000' 2, 'lifo, depth 0' 3, 'lifo, depth 1000' 4, 'lifo, depth 100000' 5, 'priority, depth 0' 6, 'priority, depth 1000' 7, 'priority, depth 100000' 8, 'weighted_random, depth 0' 9, 'weighted_random, …pth 1000' 10, 'weighted_random, …h 100000' 11, 'order_by_random, …pth 1000' 12, 'order_by_random, …h 100000' 13) noenhanced
plot 'phases.dat' index 18 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#e69f00' notitle, \
  'phases.dat' index 19 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#0072b2' notitle, \
  'phases.dat' index 20 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#009e73' notitle
unset multiplot
unset output
