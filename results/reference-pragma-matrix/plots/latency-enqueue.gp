# Run `gnuplot latency-enqueue.gp` in this directory to draw the picture again.
set encoding utf8
set terminal svg size 900,470 fixed enhanced font 'sans-serif,11' background rgb '#ffffff'
set output 'latency-enqueue.svg'
unset key
set border 3 lc rgb '#888888' lw 0.8
set tics nomirror scale 0.5 noenhanced textcolor rgb '#222222'
set grid xtics ytics lc rgb '#dddddd' lw 0.6 dt solid
set label 1 '{/:Bold Enqueue latency by percentile}' at screen 0.01778, screen 0.95319 left font 'sans-serif,16' tc rgb '#222222'
set label 2 'median of 3 repeats; both axes logarithmic, lower is better' at screen 0.01778, screen 0.90638 left noenhanced font 'sans-serif,12' tc rgb '#666666'
set label 3 'run reference-pragma-matrix · commit 089ed4d720 · SQLite 3.40.1 · median of 3 repeats · seed 42' at screen 0.01778, screen 0.07234 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 4 'AMD EPYC · 2 cores · ext4' at screen 0.01778, screen 0.04043 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 5 'synchronous = NORMAL' at screen 0.08667, screen 0.83830 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 6 'synchronous = FULL' at screen 0.40778, screen 0.83830 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 7 'synchronous = OFF' at screen 0.72889, screen 0.83830 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 8 'journal_mode, page_size, cache_size' at screen 0.01778, screen 0.27234 left noenhanced font 'sans-serif,11' tc rgb '#666666'
set arrow from screen 0.01778, screen 0.22979 to screen 0.05333, screen 0.22979 nohead dt solid lw 1.8 lc rgb '#0072b2'
set label 9 '' at screen 0.03556, screen 0.22979 point pt 7 ps 0.7 lw 1 lc rgb '#0072b2'
set label 10 'WAL, page_size 4096, cache_size -2000' at screen 0.06222, screen 0.22979 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set arrow from screen 0.01778, screen 0.18723 to screen 0.05333, screen 0.18723 nohead dt solid lw 1.82 lc rgb '#d55e00'
set label 11 '' at screen 0.03556, screen 0.18723 point pt 5 ps 0.7 lw 1 lc rgb '#d55e00'
set label 12 'WAL, page_size 4096, cache_size -20000' at screen 0.06222, screen 0.18723 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set arrow from screen 0.01778, screen 0.14468 to screen 0.05333, screen 0.14468 nohead dt solid lw 1.8 lc rgb '#009e73'
set label 13 '' at screen 0.03556, screen 0.14468 point pt 9 ps 0.7 lw 1 lc rgb '#009e73'
set label 14 'WAL, page_size 16384, cache_size -2000' at screen 0.06222, screen 0.14468 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set arrow from screen 0.50000, screen 0.22979 to screen 0.53556, screen 0.22979 nohead dt solid lw 1.82 lc rgb '#cc79a7'
set label 15 '' at screen 0.51778, screen 0.22979 point pt 13 ps 0.7 lw 1 lc rgb '#cc79a7'
set label 16 'WAL, page_size 16384, cache_size -20000' at screen 0.54444, screen 0.22979 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set arrow from screen 0.50000, screen 0.18723 to screen 0.53556, screen 0.18723 nohead dt solid lw 1.8 lc rgb '#e69f00'
set label 17 '' at screen 0.51778, screen 0.18723 point pt 11 ps 0.7 lw 1 lc rgb '#e69f00'
set label 18 'TRUNCATE, page_size 4096, cache_size -2000' at screen 0.54444, screen 0.18723 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set arrow from screen 0.50000, screen 0.14468 to screen 0.53556, screen 0.14468 nohead dt solid lw 1.82 lc rgb '#56b4e9'
set label 19 '' at screen 0.51778, screen 0.14468 point pt 15 ps 0.7 lw 1 lc rgb '#56b4e9'
set label 20 'TRUNCATE, page_size 4096, cache_size -20000' at screen 0.54444, screen 0.14468 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set multiplot
set lmargin at screen 0.08667
set rmargin at screen 0.32778
set tmargin at screen 0.81277
set bmargin at screen 0.38723
set logscale xy
set xrange [1.8:1120]
set xtics ('50' 2, '90' 10, '95' 20, '99' 100, '99.9' 1000)
set xlabel 'percentile' offset 0,0.7 textcolor rgb '#666666'
set yrange [20.0:20000.0]
set ytics ('100 µs' 100.0, '1 ms' 1000.0, '10 ms' 10000.0, '' 20.0 1, '' 50.0 1, '' 200.0 1, '' 500.0 1, '' 2000.0 1, '' 5000.0 1, '' 20000.0 1)
plot 'latency-enqueue.dat' index 0 using 1:3 with linespoints lw 1.8 lc rgb '#0072b2' dt solid pt 7 ps 0.6 title 'WAL, NORMAL, page_size 4096, cache_size -2000' noenhanced, \
  'latency-enqueue.dat' index 1 using 1:3 with linespoints lw 1.8 lc rgb '#d55e00' dt solid pt 5 ps 0.6 title 'WAL, NORMAL, page_size 4096, cache_size -20000' noenhanced, \
  'latency-enqueue.dat' index 2 using 1:3 with linespoints lw 1.8 lc rgb '#009e73' dt solid pt 9 ps 0.6 title 'WAL, NORMAL, page_size 16384, cache_size -2000' noenhanced, \
  'latency-enqueue.dat' index 3 using 1:3 with linespoints lw 1.8 lc rgb '#cc79a7' dt solid pt 13 ps 0.6 title 'WAL, NORMAL, page_size 16384, cache_size -20000' noenhanced, \
  'latency-enqueue.dat' index 4 using 1:3 with linespoints lw 1.8 lc rgb '#e69f00' dt solid pt 11 ps 0.6 title 'TRUNCATE, NORMAL, page_size 4096, cache_size -2000' noenhanced, \
  'latency-enqueue.dat' index 5 using 1:3 with linespoints lw 1.8 lc rgb '#56b4e9' dt solid pt 15 ps 0.6 title 'TRUNCATE, NORMAL, page_size 4096, cache_size -20000' noenhanced
unset label
unset arrow
unset object
set lmargin at screen 0.40778
set rmargin at screen 0.64889
set tmargin at screen 0.81277
set bmargin at screen 0.38723
plot 'latency-enqueue.dat' index 6 using 1:3 with linespoints lw 1.8 lc rgb '#0072b2' dt solid pt 7 ps 0.6 title 'WAL, FULL, page_size 4096, cache_size -2000' noenhanced, \
  'latency-enqueue.dat' index 7 using 1:3 with linespoints lw 1.8 lc rgb '#d55e00' dt solid pt 5 ps 0.6 title 'WAL, FULL, page_size 4096, cache_size -20000' noenhanced, \
  'latency-enqueue.dat' index 8 using 1:3 with linespoints lw 1.8 lc rgb '#009e73' dt solid pt 9 ps 0.6 title 'WAL, FULL, page_size 16384, cache_size -2000' noenhanced, \
  'latency-enqueue.dat' index 9 using 1:3 with linespoints lw 1.8 lc rgb '#cc79a7' dt solid pt 13 ps 0.6 title 'WAL, FULL, page_size 16384, cache_size -20000' noenhanced, \
  'latency-enqueue.dat' index 10 using 1:3 with linespoints lw 1.8 lc rgb '#e69f00' dt solid pt 11 ps 0.6 title 'TRUNCATE, FULL, page_size 4096, cache_size -2000' noenhanced, \
  'latency-enqueue.dat' index 11 using 1:3 with linespoints lw 1.8 lc rgb '#56b4e9' dt solid pt 15 ps 0.6 title 'TRUNCATE, FULL, page_size 4096, cache_size -20000' noenhanced
set lmargin at screen 0.72889
set rmargin at screen 0.97000
set tmargin at screen 0.81277
set bmargin at screen 0.38723
plot 'latency-enqueue.dat' index 12 using 1:3 with linespoints lw 1.8 lc rgb '#0072b2' dt solid pt 7 ps 0.6 title 'WAL, synchronous OFF, page_size 4096, cache_size -2000' noenhanced
unset multiplot
unset output
