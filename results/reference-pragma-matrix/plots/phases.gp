# Run `gnuplot phases.gp` in this directory to draw the picture again.
set encoding utf8
set terminal svg size 900,1146 fixed enhanced font 'sans-serif,11' background rgb '#ffffff'
set output 'phases.svg'
unset key
set border 3 lc rgb '#888888' lw 0.8
set tics nomirror scale 0.5 noenhanced textcolor rgb '#222222'
set grid xtics ytics lc rgb '#dddddd' lw 0.6 dt solid
set label 1 '{/:Bold Where the time goes: phases near the median and near the p99}' at screen 0.01778, screen 0.98080 left font 'sans-serif,16' tc rgb '#222222'
set label 2 'means of operations of about that latency, median of 3 repeats' at screen 0.01778, screen 0.96161 left noenhanced font 'sans-serif,12' tc rgb '#666666'
set label 3 'run reference-pragma-matrix · commit 089ed4d720 · SQLite 3.40.1 · median of 3 repeats · seed 42' at screen 0.01778, screen 0.02967 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 4 'AMD EPYC · 2 cores · ext4' at screen 0.01778, screen 0.01658 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 5 'claim, near p50, ms' at screen 0.23000, screen 0.93368 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 6 'claim, near p99, ms' at screen 0.71222, screen 0.93368 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 7 'enqueue, near p50, ms' at screen 0.23000, screen 0.65271 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 8 'enqueue, near p99, ms' at screen 0.71222, screen 0.65271 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 9 'complete, near p50, ms' at screen 0.23000, screen 0.37173 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 10 'complete, near p99, ms' at screen 0.71222, screen 0.37173 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 11 'phase, from left to right' at screen 0.01778, screen 0.09424 left noenhanced font 'sans-serif,11' tc rgb '#666666'
set object 11 rectangle from screen 0.02667, screen 0.08202 to screen 0.04444, screen 0.07155 fs solid noborder fc rgb '#cc79a7' front
set label 13 'late start' at screen 0.06222, screen 0.07679 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set object 13 rectangle from screen 0.02667, screen 0.06457 to screen 0.04444, screen 0.05410 fs solid noborder fc rgb '#e69f00' front
set label 15 'waiting for the lock' at screen 0.06222, screen 0.05934 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set object 15 rectangle from screen 0.26778, screen 0.08202 to screen 0.28556, screen 0.07155 fs solid noborder fc rgb '#0072b2' front
set label 17 'executing' at screen 0.30333, screen 0.07679 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set object 17 rectangle from screen 0.26778, screen 0.06457 to screen 0.28556, screen 0.05410 fs solid noborder fc rgb '#009e73' front
set label 19 'committing' at screen 0.30333, screen 0.05934 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set object 19 rectangle from screen 0.50889, screen 0.08202 to screen 0.52667, screen 0.07155 fs solid noborder fc rgb '#d55e00' front
set label 21 'checkpoint' at screen 0.54444, screen 0.07679 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set multiplot
set lmargin at screen 0.23000
set rmargin at screen 0.48667
set tmargin at screen 0.92321
set bmargin at screen 0.69110
unset grid
set grid xtics lc rgb '#dddddd' lw 0.6 dt solid
set xrange [0:2.96785054]
set xtics ('0' 0.0, '1' 1.0, '2' 2.0)
set yrange [12.6:-0.6]
set ytics ('WAL, NORMAL, page…ze -2000' 0, 'WAL, NORMAL, page…e -20000' 1, 'WAL, NORMAL, page…ze -2000' 2, 'WAL, NORMAL, page…e -20000' 3, 'WAL, FULL, page_s…ze -2000' 4, 'WAL, FULL, page_s…e -20000' 5, 'WAL, FULL, page_s…ze -2000' 6, 'WAL, FULL, page_s…e -20000' 7, 'TRUNCATE, NORMAL,…ze -2000' 8, 'TRUNCATE, NORMAL,…e -20000' 9, 'TRUNCATE, FULL, p…ze -2000' 10, 'TRUNCATE, FULL, p…e -20000' 11, 'WAL, synchronous …ze -2000' 12) noenhanced
plot 'phases.dat' index 0 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#e69f00' notitle, \
  'phases.dat' index 1 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#0072b2' notitle, \
  'phases.dat' index 2 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#009e73' notitle
unset label
unset arrow
unset object
set lmargin at screen 0.71222
set rmargin at screen 0.96889
set tmargin at screen 0.92321
set bmargin at screen 0.69110
unset grid
set grid xtics lc rgb '#dddddd' lw 0.6 dt solid
set xrange [0:7.84384206]
set xtics ('0' 0.0, '5' 5.0)
set yrange [12.6:-0.6]
set ytics ('WAL, NORMAL, page…ze -2000' 0, 'WAL, NORMAL, page…e -20000' 1, 'WAL, NORMAL, page…ze -2000' 2, 'WAL, NORMAL, page…e -20000' 3, 'WAL, FULL, page_s…ze -2000' 4, 'WAL, FULL, page_s…e -20000' 5, 'WAL, FULL, page_s…ze -2000' 6, 'WAL, FULL, page_s…e -20000' 7, 'TRUNCATE, NORMAL,…ze -2000' 8, 'TRUNCATE, NORMAL,…e -20000' 9, 'TRUNCATE, FULL, p…ze -2000' 10, 'TRUNCATE, FULL, p…e -20000' 11, 'WAL, synchronous …ze -2000' 12) noenhanced
plot 'phases.dat' index 3 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#e69f00' notitle, \
  'phases.dat' index 4 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#0072b2' notitle, \
  'phases.dat' index 5 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#009e73' notitle
set lmargin at screen 0.23000
set rmargin at screen 0.48667
set tmargin at screen 0.64223
set bmargin at screen 0.41012
unset grid
set grid xtics lc rgb '#dddddd' lw 0.6 dt solid
set xrange [0:2.91773586]
set xtics ('0' 0.0, '1' 1.0, '2' 2.0)
set yrange [12.6:-0.6]
set ytics ('WAL, NORMAL, page…ze -2000' 0, 'WAL, NORMAL, page…e -20000' 1, 'WAL, NORMAL, page…ze -2000' 2, 'WAL, NORMAL, page…e -20000' 3, 'WAL, FULL, page_s…ze -2000' 4, 'WAL, FULL, page_s…e -20000' 5, 'WAL, FULL, page_s…ze -2000' 6, 'WAL, FULL, page_s…e -20000' 7, 'TRUNCATE, NORMAL,…ze -2000' 8, 'TRUNCATE, NORMAL,…e -20000' 9, 'TRUNCATE, FULL, p…ze -2000' 10, 'TRUNCATE, FULL, p…e -20000' 11, 'WAL, synchronous …ze -2000' 12) noenhanced
plot 'phases.dat' index 6 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#e69f00' notitle, \
  'phases.dat' index 7 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#0072b2' notitle, \
  'phases.dat' index 8 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#009e73' notitle
set lmargin at screen 0.71222
set rmargin at screen 0.96889
set tmargin at screen 0.64223
set bmargin at screen 0.41012
unset grid
set grid xtics lc rgb '#dddddd' lw 0.6 dt solid
set xrange [0:8.63985754]
set xtics ('0' 0.0, '5' 5.0)
set yrange [12.6:-0.6]
set ytics ('WAL, NORMAL, page…ze -2000' 0, 'WAL, NORMAL, page…e -20000' 1, 'WAL, NORMAL, page…ze -2000' 2, 'WAL, NORMAL, page…e -20000' 3, 'WAL, FULL, page_s…ze -2000' 4, 'WAL, FULL, page_s…e -20000' 5, 'WAL, FULL, page_s…ze -2000' 6, 'WAL, FULL, page_s…e -20000' 7, 'TRUNCATE, NORMAL,…ze -2000' 8, 'TRUNCATE, NORMAL,…e -20000' 9, 'TRUNCATE, FULL, p…ze -2000' 10, 'TRUNCATE, FULL, p…e -20000' 11, 'WAL, synchronous …ze -2000' 12) noenhanced
plot 'phases.dat' index 9 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#e69f00' notitle, \
  'phases.dat' index 10 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#0072b2' notitle, \
  'phases.dat' index 11 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#009e73' notitle
set lmargin at screen 0.23000
set rmargin at screen 0.48667
set tmargin at screen 0.36126
set bmargin at screen 0.12914
unset grid
set grid xtics lc rgb '#dddddd' lw 0.6 dt solid
set xrange [0:2.86405746]
set xtics ('0' 0.0, '1' 1.0, '2' 2.0)
set yrange [12.6:-0.6]
set ytics ('WAL, NORMAL, page…ze -2000' 0, 'WAL, NORMAL, page…e -20000' 1, 'WAL, NORMAL, page…ze -2000' 2, 'WAL, NORMAL, page…e -20000' 3, 'WAL, FULL, page_s…ze -2000' 4, 'WAL, FULL, page_s…e -20000' 5, 'WAL, FULL, page_s…ze -2000' 6, 'WAL, FULL, page_s…e -20000' 7, 'TRUNCATE, NORMAL,…ze -2000' 8, 'TRUNCATE, NORMAL,…e -20000' 9, 'TRUNCATE, FULL, p…ze -2000' 10, 'TRUNCATE, FULL, p…e -20000' 11, 'WAL, synchronous …ze -2000' 12) noenhanced
plot 'phases.dat' index 12 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#e69f00' notitle, \
  'phases.dat' index 13 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#0072b2' notitle, \
  'phases.dat' index 14 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#009e73' notitle
set lmargin at screen 0.71222
set rmargin at screen 0.96889
set tmargin at screen 0.36126
set bmargin at screen 0.12914
unset grid
set grid xtics lc rgb '#dddddd' lw 0.6 dt solid
set xrange [0:8.29027802]
set xtics ('0' 0.0, '5' 5.0)
set yrange [12.6:-0.6]
set ytics ('WAL, NORMAL, page…ze -2000' 0, 'WAL, NORMAL, page…e -20000' 1, 'WAL, NORMAL, page…ze -2000' 2, 'WAL, NORMAL, page…e -20000' 3, 'WAL, FULL, page_s…ze -2000' 4, 'WAL, FULL, page_s…e -20000' 5, 'WAL, FULL, page_s…ze -2000' 6, 'WAL, FULL, page_s…e -20000' 7, 'TRUNCATE, NORMAL,…ze -2000' 8, 'TRUNCATE, NORMAL,…e -20000' 9, 'TRUNCATE, FULL, p…ze -2000' 10, 'TRUNCATE, FULL, p…e -20000' 11, 'WAL, synchronous …ze -2000' 12) noenhanced
plot 'phases.dat' index 15 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#e69f00' notitle, \
  'phases.dat' index 16 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#0072b2' notitle, \
  'phases.dat' index 17 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#009e73' notitle
unset multiplot
unset output
