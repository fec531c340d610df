# Run `gnuplot phases.gp` in this directory to draw the picture again.
set encoding utf8
set terminal svg size 900,482 fixed enhanced font 'sans-serif,11' background rgb '#ffffff'
set output 'phases.svg'
unset key
set border 3 lc rgb '#888888' lw 0.8
set tics nomirror scale 0.5 noenhanced textcolor rgb '#222222'
set grid xtics ytics lc rgb '#dddddd' lw 0.6 dt solid
set label 1 '{/:Bold Where the time goes: phases near the median and near the p99}' at screen 0.01778, screen 0.95436 left font 'sans-serif,16' tc rgb '#222222'
set label 2 'means of operations of about that latency, median of 3 repeats' at screen 0.01778, screen 0.90871 left noenhanced font 'sans-serif,12' tc rgb '#666666'
set label 3 'run reference-write-combining · commit 089ed4d720 · SQLite 3.40.1 · median of 3 repeats · seed 42' at screen 0.01778, screen 0.07054 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 4 'AMD EPYC · 2 cores · ext4' at screen 0.01778, screen 0.03942 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 5 'enqueue, near p50, µs' at screen 0.23000, screen 0.84232 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 6 'enqueue, near p99, ms' at screen 0.71222, screen 0.84232 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 7 'phase, from left to right' at screen 0.01778, screen 0.22407 left noenhanced font 'sans-serif,11' tc rgb '#666666'
set object 7 rectangle from screen 0.02667, screen 0.19502 to screen 0.04444, screen 0.17012 fs solid noborder fc rgb '#cc79a7' front
set label 9 'late start' at screen 0.06222, screen 0.18257 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set object 9 rectangle from screen 0.02667, screen 0.15353 to screen 0.04444, screen 0.12863 fs solid noborder fc rgb '#e69f00' front
set label 11 'waiting for the lock' at screen 0.06222, screen 0.14108 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set object 11 rectangle from screen 0.26778, screen 0.19502 to screen 0.28556, screen 0.17012 fs solid noborder fc rgb '#0072b2' front
set label 13 'executing' at screen 0.30333, screen 0.18257 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set object 13 rectangle from screen 0.26778, screen 0.15353 to screen 0.28556, screen 0.12863 fs solid noborder fc rgb '#009e73' front
set label 15 'committing' at screen 0.30333, screen 0.14108 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set object 15 rectangle from screen 0.50889, screen 0.19502 to screen 0.52667, screen 0.17012 fs solid noborder fc rgb '#d55e00' front
set label 17 'checkpoint' at screen 0.54444, screen 0.18257 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set multiplot
set lmargin at screen 0.23000
set rmargin at screen 0.48667
set tmargin at screen 0.81743
set bmargin at screen 0.30705
unset grid
set grid xtics lc rgb '#dddddd' lw 0.6 dt solid
set xrange [0:954.350271]
set xtics ('0' 0.0, '250' 250.0, '500' 500.0)
set yrange [11.6:-0.6]
set ytics ('FULL, callers 1, …ining on' 0, 'FULL, callers 1, …ning off' 1, 'FULL, callers 4, …ining on' 2, 'FULL, callers 4, …ning off' 3, 'FULL, callers 16,…ining on' 4, 'FULL, callers 16,…ning off' 5, 'NORMAL, callers 1…ining on' 6, 'NORMAL, callers 1…ning off' 7, 'NORMAL, callers 4…ining on' 8, 'NORMAL, callers 4…ning off' 9, 'NORMAL, callers 1…ining on' 10, 'NORMAL, callers 1…ning off' 11) noenhanced
plot 'phases.dat' index 0 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#e69f00' notitle, \
  'phases.dat' index 1 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#0072b2' notitle, \
  'phases.dat' index 2 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#009e73' notitle, \
  'phases.dat' index 3 using 2:1:3 with labels left offset 0.3,0 noenhanced font 'sans-serif,10' tc rgb '#222222' notitle
unset label
unset arrow
unset object
set lmargin at screen 0.71222
set rmargin at screen 0.96889
set tmargin at screen 0.81743
set bmargin at screen 0.30705
unset grid
set grid xtics lc rgb '#dddddd' lw 0.6 dt solid
set xrange [0:5.03335488]
set xtics ('0' 0.0, '2' 2.0, '4' 4.0)
set yrange [11.6:-0.6]
set ytics ('FULL, callers 1, …ining on' 0, 'FULL, callers 1, …ning off' 1, 'FULL, callers 4, …ining on' 2, 'FULL, callers 4, …ning off' 3, 'FULL, callers 16,…ining on' 4, 'FULL, callers 16,…ning off' 5, 'NORMAL, callers 1…ining on' 6, 'NORMAL, callers 1…ning off' 7, 'NORMAL, callers 4…ining on' 8, 'NORMAL, callers 4…ning off' 9, 'NORMAL, callers 1…ining on' 10, 'NORMAL, callers 1…ning off' 11) noenhanced
plot 'phases.dat' index 4 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#e69f00' notitle, \
  'phases.dat' index 5 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#0072b2' notitle, \
  'phases.dat' index 6 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#009e73' notitle
unset multiplot
unset output
