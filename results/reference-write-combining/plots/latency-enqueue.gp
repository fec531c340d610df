# Run `gnuplot latency-enqueue.gp` in this directory to draw the picture again.
set encoding utf8
set terminal svg size 900,500 fixed enhanced font 'sans-serif,11' background rgb '#ffffff'
set output 'latency-enqueue.svg'
unset key
set border 3 lc rgb '#888888' lw 0.8
set tics nomirror scale 0.5 noenhanced textcolor rgb '#222222'
set grid xtics ytics lc rgb '#dddddd' lw 0.6 dt solid
set label 1 '{/:Bold Enqueue latency by percentile}' at screen 0.01778, screen 0.95600 left font 'sans-serif,16' tc rgb '#222222'
set label 2 'median of 3 repeats; both axes logarithmic, lower is better' at screen 0.01778, screen 0.91200 left noenhanced font 'sans-serif,12' tc rgb '#666666'
set label 3 'run reference-write-combining · commit 089ed4d720 · SQLite 3.40.1 · median of 3 repeats · seed 42' at screen 0.01778, screen 0.06800 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 4 'AMD EPYC · 2 cores · ext4' at screen 0.01778, screen 0.03800 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 5 'synchronous = FULL' at screen 0.08667, screen 0.84800 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 6 'synchronous = NORMAL' at screen 0.56889, screen 0.84800 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 7 'callers, write_combining' at screen 0.01778, screen 0.21600 left noenhanced font 'sans-serif,11' tc rgb '#666666'
set arrow from screen 0.01778, screen 0.17600 to screen 0.05333, screen 0.17600 nohead dt solid lw 1.8 lc rgb '#0072b2'
set label 8 '' at screen 0.03556, screen 0.17600 point pt 7 ps 0.7 lw 1 lc rgb '#0072b2'
set label 9 'callers 1, write_combining on' at screen 0.06222, screen 0.17600 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set arrow from screen 0.01778, screen 0.13600 to screen 0.05333, screen 0.13600 nohead dt (9,5) lw 1.82 lc rgb '#0072b2'
set label 10 '' at screen 0.03556, screen 0.13600 point pt 5 ps 0.7 lw 1 lc rgb '#0072b2'
set label 11 'callers 1, write_combining off' at screen 0.06222, screen 0.13600 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set arrow from screen 0.33889, screen 0.17600 to screen 0.37444, screen 0.17600 nohead dt solid lw 1.8 lc rgb '#d55e00'
set label 12 '' at screen 0.35667, screen 0.17600 point pt 7 ps 0.7 lw 1 lc rgb '#d55e00'
set label 13 'callers 4, write_combining on' at screen 0.38333, screen 0.17600 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set arrow from screen 0.33889, screen 0.13600 to screen 0.37444, screen 0.13600 nohead dt (9,5) lw 1.82 lc rgb '#d55e00'
set label 14 '' at screen 0.35667, screen 0.13600 point pt 5 ps 0.7 lw 1 lc rgb '#d55e00'
set label 15 'callers 4, write_combining off' at screen 0.38333, screen 0.13600 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set arrow from screen 0.66000, screen 0.17600 to screen 0.69556, screen 0.17600 nohead dt solid lw 1.8 lc rgb '#009e73'
set label 16 '' at screen 0.67778, screen 0.17600 point pt 7 ps 0.7 lw 1 lc rgb '#009e73'
set label 17 'callers 16, write_combining on' at screen 0.70444, screen 0.17600 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set arrow from screen 0.66000, screen 0.13600 to screen 0.69556, screen 0.13600 nohead dt (9,5) lw 1.82 lc rgb '#009e73'
set label 18 '' at screen 0.67778, screen 0.13600 point pt 5 ps 0.7 lw 1 lc rgb '#009e73'
set label 19 'callers 16, write_combining off' at screen 0.70444, screen 0.13600 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set multiplot
set lmargin at screen 0.08667
set rmargin at screen 0.48889
set tmargin at screen 0.82400
set bmargin at screen 0.32400
set logscale xy
set xrange [1.8:1120]
set xtics ('50' 2, '90' 10, '95' 20, '99' 100, '99.9' 1000)
set xlabel 'percentile' offset 0,0.7 textcolor rgb '#666666'
set yrange [10.0:10000.0]
set ytics ('10 µs' 10.0, '100 µs' 100.0, '1 ms' 1000.0, '10 ms' 10000.0, '' 20.0 1, '' 50.0 1, '' 200.0 1, '' 500.0 1, '' 2000.0 1, '' 5000.0 1)
plot 'latency-enqueue.dat' index 0 using 1:3 with linespoints lw 1.8 lc rgb '#0072b2' dt solid pt 7 ps 0.6 title 'FULL, callers 1, write_combining on' noenhanced, \
  'latency-enqueue.dat' index 1 using 1:3 with linespoints lw 1.8 lc rgb '#0072b2' dt (9,5) pt 5 ps 0.6 title 'FULL, callers 1, write_combining off' noenhanced, \
  'latency-enqueue.dat' index 2 using 1:3 with linespoints lw 1.8 lc rgb '#d55e00' dt solid pt 7 ps 0.6 title 'FULL, callers 4, write_combining on' noenhanced, \
  'latency-enqueue.dat' index 3 using 1:3 with linespoints lw 1.8 lc rgb '#d55e00' dt (9,5) pt 5 ps 0.6 title 'FULL, callers 4, write_combining off' noenhanced, \
  'latency-enqueue.dat' index 4 using 1:3 with linespoints lw 1.8 lc rgb '#009e73' dt solid pt 7 ps 0.6 title 'FULL, callers 16, write_combining on' noenhanced, \
  'latency-enqueue.dat' index 5 using 1:3 with linespoints lw 1.8 lc rgb '#009e73' dt (9,5) pt 5 ps 0.6 title 'FULL, callers 16, write_combining off' noenhanced
unset label
unset arrow
unset object
set lmargin at screen 0.56889
set rmargin at screen 0.97111
set tmargin at screen 0.82400
set bmargin at screen 0.32400
plot 'latency-enqueue.dat' index 6 using 1:3 with linespoints lw 1.8 lc rgb '#0072b2' dt solid pt 7 ps 0.6 title 'NORMAL, callers 1, write_combining on' noenhanced, \
  'latency-enqueue.dat' index 7 using 1:3 with linespoints lw 1.8 lc rgb '#0072b2' dt (9,5) pt 5 ps 0.6 title 'NORMAL, callers 1, write_combining off' noenhanced, \
  'latency-enqueue.dat' index 8 using 1:3 with linespoints lw 1.8 lc rgb '#d55e00' dt solid pt 7 ps 0.6 title 'NORMAL, callers 4, write_combining on' noenhanced, \
  'latency-enqueue.dat' index 9 using 1:3 with linespoints lw 1.8 lc rgb '#d55e00' dt (9,5) pt 5 ps 0.6 title 'NORMAL, callers 4, write_combining off' noenhanced, \
  'latency-enqueue.dat' index 10 using 1:3 with linespoints lw 1.8 lc rgb '#009e73' dt solid pt 7 ps 0.6 title 'NORMAL, callers 16, write_combining on' noenhanced, \
  'latency-enqueue.dat' index 11 using 1:3 with linespoints lw 1.8 lc rgb '#009e73' dt (9,5) pt 5 ps 0.6 title 'NORMAL, callers 16, write_combining off' noenhanced
unset multiplot
unset output
