# Run `gnuplot latency-complete.gp` in this directory to draw the picture again.
set encoding utf8
set terminal svg size 900,430 fixed enhanced font 'sans-serif,11' background rgb '#ffffff'
set output 'latency-complete.svg'
unset key
set border 3 lc rgb '#888888' lw 0.8
set tics nomirror scale 0.5 noenhanced textcolor rgb '#222222'
set grid xtics ytics lc rgb '#dddddd' lw 0.6 dt solid
set label 1 '{/:Bold Complete latency by percentile}' at screen 0.01778, screen 0.94884 left font 'sans-serif,16' tc rgb '#222222'
set label 2 'median of 3 repeats; both axes logarithmic, lower is better' at screen 0.01778, screen 0.89767 left noenhanced font 'sans-serif,12' tc rgb '#666666'
set label 3 'run reference-strategy-matrix · commit 089ed4d720 · SQLite 3.40.1 · PRAGMAs 62c2dceee780 · median of 3 repeats · seed 42' at screen 0.01778, screen 0.07907 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 4 'AMD EPYC · 2 cores · ext4' at screen 0.01778, screen 0.04419 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 5 'depth = 0' at screen 0.08667, screen 0.82326 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 6 'depth = 1000' at screen 0.40778, screen 0.82326 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 7 'depth = 100000' at screen 0.72889, screen 0.82326 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 8 'strategy' at screen 0.01778, screen 0.20465 left noenhanced font 'sans-serif,11' tc rgb '#666666'
set arrow from screen 0.01778, screen 0.15814 to screen 0.05333, screen 0.15814 nohead dt solid lw 1.8 lc rgb '#0072b2'
set label 9 '' at screen 0.03556, screen 0.15814 point pt 7 ps 0.7 lw 1 lc rgb '#0072b2'
set label 10 'fifo' at screen 0.06222, screen 0.15814 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set arrow from screen 0.21000, screen 0.15814 to screen 0.24556, screen 0.15814 nohead dt solid lw 1.82 lc rgb '#d55e00'
set label 11 '' at screen 0.22778, screen 0.15814 point pt 5 ps 0.7 lw 1 lc rgb '#d55e00'
set label 12 'lifo' at screen 0.25444, screen 0.15814 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set arrow from screen 0.40222, screen 0.15814 to screen 0.43778, screen 0.15814 nohead dt solid lw 1.8 lc rgb '#009e73'
set label 13 '' at screen 0.42000, screen 0.15814 point pt 9 ps 0.7 lw 1 lc rgb '#009e73'
set label 14 'priority' at screen 0.44667, screen 0.15814 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set arrow from screen 0.59444, screen 0.15814 to screen 0.63000, screen 0.15814 nohead dt solid lw 1.82 lc rgb '#cc79a7'
set label 15 '' at screen 0.61222, screen 0.15814 point pt 13 ps 0.7 lw 1 lc rgb '#cc79a7'
set label 16 'weighted_random' at screen 0.63889, screen 0.15814 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set arrow from screen 0.78667, screen 0.15814 to screen 0.82222, screen 0.15814 nohead dt solid lw 1.8 lc rgb '#e69f00'
set label 17 '' at screen 0.80444, screen 0.15814 point pt 11 ps 0.7 lw 1 lc rgb '#e69f00'
set label 18 'order_by_random' at screen 0.83111, screen 0.15814 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set multiplot
set lmargin at screen 0.08667
set rmargin at screen 0.32778
set tmargin at screen 0.79535
set bmargin at screen 0.33023
set logscale xy
set xrange [1.8:1120]
set xtics ('50' 2, '90' 10, '95' 20, '99' 100, '99.9' 1000)
set xlabel 'percentile' offset 0,0.7 textcolor rgb '#666666'
set yrange [10.0:50000.0]
set ytics ('10 µs' 10.0, '100 µs' 100.0, '1 ms' 1000.0, '10 ms' 10000.0, '' 20.0 1, '' 50.0 1, '' 200.0 1, '' 500.0 1, '' 2000.0 1, '' 5000.0 1, '' 20000.0 1, '' 50000.0 1)
plot 'latency-complete.dat' index 0 using 1:3 with linespoints lw 1.8 lc rgb '#0072b2' dt solid pt 7 ps 0.6 title 'fifo, depth 0' noenhanced, \
  'latency-complete.dat' index 1 using 1:3 with linespoints lw 1.8 lc rgb '#d55e00' dt solid pt 5 ps 0.6 title 'lifo, depth 0' noenhanced, \
  'latency-complete.dat' index 2 using 1:3 with linespoints lw 1.8 lc rgb '#009e73' dt solid pt 9 ps 0.6 title 'priority, depth 0' noenhanced, \
  'latency-complete.dat' index 3 using 1:3 with linespoints lw 1.8 lc rgb '#cc79a7' dt solid pt 13 ps 0.6 title 'weighted_random, depth 0' noenhanced
unset label
unset arrow
unset object
set lmargin at screen 0.40778
set rmargin at screen 0.64889
set tmargin at screen 0.79535
set bmargin at screen 0.33023
plot 'latency-complete.dat' index 4 using 1:3 with linespoints lw 1.8 lc rgb '#0072b2' dt solid pt 7 ps 0.6 title 'fifo, depth 1000' noenhanced, \
  'latency-complete.dat' index 5 using 1:3 with linespoints lw 1.8 lc rgb '#d55e00' dt solid pt 5 ps 0.6 title 'lifo, depth 1000' noenhanced, \
  'latency-complete.dat' index 6 using 1:3 with linespoints lw 1.8 lc rgb '#009e73' dt solid pt 9 ps 0.6 title 'priority, depth 1000' noenhanced, \
  'latency-complete.dat' index 7 using 1:3 with linespoints lw 1.8 lc rgb '#cc79a7' dt solid pt 13 ps 0.6 title 'weighted_random, depth 1000' noenhanced, \
  'latency-complete.dat' index 8 using 1:3 with linespoints lw 1.8 lc rgb '#e69f00' dt solid pt 11 ps 0.6 title 'order_by_random, depth 1000' noenhanced
set lmargin at screen 0.72889
set rmargin at screen 0.97000
set tmargin at screen 0.79535
set bmargin at screen 0.33023
plot 'latency-complete.dat' index 9 using 1:3 with linespoints lw 1.8 lc rgb '#0072b2' dt solid pt 7 ps 0.6 title 'fifo, depth 100000' noenhanced, \
  'latency-complete.dat' index 10 using 1:3 with linespoints lw 1.8 lc rgb '#d55e00' dt solid pt 5 ps 0.6 title 'lifo, depth 100000' noenhanced, \
  'latency-complete.dat' index 11 using 1:3 with linespoints lw 1.8 lc rgb '#009e73' dt solid pt 9 ps 0.6 title 'priority, depth 100000' noenhanced, \
  'latency-complete.dat' index 12 using 1:3 with linespoints lw 1.8 lc rgb '#cc79a7' dt solid pt 13 ps 0.6 title 'weighted_random, depth 100000' noenhanced, \
  'latency-complete.dat' index 13 using 1:3 with linespoints lw 1.8 lc rgb '#e69f00' dt solid pt 11 ps 0.6 title 'order_by_random, depth 100000' noenhanced
unset multiplot
unset output
