# Run `gnuplot latency-enqueue.gp` in this directory to draw the picture again.
set encoding utf8
set terminal svg size 900,450 fixed enhanced font 'sans-serif,11' background rgb '#ffffff'
set output 'latency-enqueue.svg'
unset key
set border 3 lc rgb '#888888' lw 0.8
set tics nomirror scale 0.5 noenhanced textcolor rgb '#222222'
set grid xtics ytics lc rgb '#dddddd' lw 0.6 dt solid
set label 1 '{/:Bold Enqueue latency by percentile}' at screen 0.01778, screen 0.95111 left font 'sans-serif,16' tc rgb '#222222'
set label 2 'median of 3 repeats; both axes logarithmic, lower is better; thin lines without the wait for a late start' at screen 0.01778, screen 0.90222 left noenhanced font 'sans-serif,12' tc rgb '#666666'
set label 3 'run reference-lease-matrix · commit 089ed4d720 · SQLite 3.40.1 · PRAGMAs 62c2dceee780 · median of 3 repeats · seed 42' at screen 0.01778, screen 0.07556 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 4 'AMD EPYC · 2 cores · ext4' at screen 0.01778, screen 0.04222 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 5 'work_time = 1ms' at screen 0.08667, screen 0.83111 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 6 'work_time = 10ms' at screen 0.40778, screen 0.83111 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 7 'work_time = 50ms' at screen 0.72889, screen 0.83111 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 8 'lease' at screen 0.01778, screen 0.24000 left noenhanced font 'sans-serif,11' tc rgb '#666666'
set arrow from screen 0.01778, screen 0.19556 to screen 0.05333, screen 0.19556 nohead dt solid lw 1.8 lc rgb '#0072b2'
set label 9 '' at screen 0.03556, screen 0.19556 point pt 7 ps 0.7 lw 1 lc rgb '#0072b2'
set label 10 '25ms' at screen 0.06222, screen 0.19556 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set arrow from screen 0.01778, screen 0.15111 to screen 0.05333, screen 0.15111 nohead dt solid lw 1.82 lc rgb '#d55e00'
set label 11 '' at screen 0.03556, screen 0.15111 point pt 5 ps 0.7 lw 1 lc rgb '#d55e00'
set label 12 '100ms' at screen 0.06222, screen 0.15111 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set arrow from screen 0.25889, screen 0.19556 to screen 0.29444, screen 0.19556 nohead dt solid lw 1.8 lc rgb '#009e73'
set label 13 '' at screen 0.27667, screen 0.19556 point pt 9 ps 0.7 lw 1 lc rgb '#009e73'
set label 14 '1s' at screen 0.30333, screen 0.19556 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set arrow from screen 0.25889, screen 0.15111 to screen 0.29444, screen 0.15111 nohead dt solid lw 1.82 lc rgb '#cc79a7'
set label 15 '' at screen 0.27667, screen 0.15111 point pt 13 ps 0.7 lw 1 lc rgb '#cc79a7'
set label 16 '30s' at screen 0.30333, screen 0.15111 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set arrow from screen 0.50000, screen 0.19556 to screen 0.53556, screen 0.19556 nohead dt (6,3) lw 1.8 lc rgb '#666666'
set label 18 'thin: service time' at screen 0.54444, screen 0.19556 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set multiplot
set lmargin at screen 0.08667
set rmargin at screen 0.32778
set tmargin at screen 0.80444
set bmargin at screen 0.36000
set logscale xy
set xrange [1.8:22.4]
set xtics ('50' 2, '90' 10, '95' 20)
set xlabel 'percentile' offset 0,0.7 textcolor rgb '#666666'
set yrange [100.0:500.0]
set ytics ('100 µs' 100.0, '200 µs' 200.0, '500 µs' 500.0)
plot 'latency-enqueue.dat' index 1 using 1:3 with lines lw 0.9 dt (6,3) lc rgb '#0072b2' notitle, \
  'latency-enqueue.dat' index 0 using 1:3 with linespoints lw 1.8 lc rgb '#0072b2' dt solid pt 7 ps 0.6 title 'lease 25ms, work_time 1ms' noenhanced, \
  'latency-enqueue.dat' index 3 using 1:3 with lines lw 0.9 dt (6,3) lc rgb '#d55e00' notitle, \
  'latency-enqueue.dat' index 2 using 1:3 with linespoints lw 1.8 lc rgb '#d55e00' dt solid pt 5 ps 0.6 title 'lease 100ms, work_time 1ms' noenhanced, \
  'latency-enqueue.dat' index 5 using 1:3 with lines lw 0.9 dt (6,3) lc rgb '#009e73' notitle, \
  'latency-enqueue.dat' index 4 using 1:3 with linespoints lw 1.8 lc rgb '#009e73' dt solid pt 9 ps 0.6 title 'lease 1s, work_time 1ms' noenhanced, \
  'latency-enqueue.dat' index 7 using 1:3 with lines lw 0.9 dt (6,3) lc rgb '#cc79a7' notitle, \
  'latency-enqueue.dat' index 6 using 1:3 with linespoints lw 1.8 lc rgb '#cc79a7' dt solid pt 13 ps 0.6 title 'lease 30s, work_time 1ms' noenhanced
unset label
unset arrow
unset object
set lmargin at screen 0.40778
set rmargin at screen 0.64889
set tmargin at screen 0.80444
set bmargin at screen 0.36000
plot 'latency-enqueue.dat' index 9 using 1:3 with lines lw 0.9 dt (6,3) lc rgb '#0072b2' notitle, \
  'latency-enqueue.dat' index 8 using 1:3 with linespoints lw 1.8 lc rgb '#0072b2' dt solid pt 7 ps 0.6 title 'lease 25ms, work_time 10ms' noenhanced, \
  'latency-enqueue.dat' index 11 using 1:3 with lines lw 0.9 dt (6,3) lc rgb '#d55e00' notitle, \
  'latency-enqueue.dat' index 10 using 1:3 with linespoints lw 1.8 lc rgb '#d55e00' dt solid pt 5 ps 0.6 title 'lease 100ms, work_time 10ms' noenhanced, \
  'latency-enqueue.dat' index 13 using 1:3 with lines lw 0.9 dt (6,3) lc rgb '#009e73' notitle, \
  'latency-enqueue.dat' index 12 using 1:3 with linespoints lw 1.8 lc rgb '#009e73' dt solid pt 9 ps 0.6 title 'lease 1s, work_time 10ms' noenhanced, \
  'latency-enqueue.dat' index 15 using 1:3 with lines lw 0.9 dt (6,3) lc rgb '#cc79a7' notitle, \
  'latency-enqueue.dat' index 14 using 1:3 with linespoints lw 1.8 lc rgb '#cc79a7' dt solid pt 13 ps 0.6 title 'lease 30s, work_time 10ms' noenhanced
set lmargin at screen 0.72889
set rmargin at screen 0.97000
set tmargin at screen 0.80444
set bmargin at screen 0.36000
plot 'latency-enqueue.dat' index 17 using 1:3 with lines lw 0.9 dt (6,3) lc rgb '#0072b2' notitle, \
  'latency-enqueue.dat' index 16 using 1:3 with linespoints lw 1.8 lc rgb '#0072b2' dt solid pt 7 ps 0.6 title 'lease 25ms, work_time 50ms' noenhanced, \
  'latency-enqueue.dat' index 19 using 1:3 with lines lw 0.9 dt (6,3) lc rgb '#d55e00' notitle, \
  'latency-enqueue.dat' index 18 using 1:3 with linespoints lw 1.8 lc rgb '#d55e00' dt solid pt 5 ps 0.6 title 'lease 100ms, work_time 50ms' noenhanced, \
  'latency-enqueue.dat' index 21 using 1:3 with lines lw 0.9 dt (6,3) lc rgb '#009e73' notitle, \
  'latency-enqueue.dat' index 20 using 1:3 with linespoints lw 1.8 lc rgb '#009e73' dt solid pt 9 ps 0.6 title 'lease 1s, work_time 50ms' noenhanced, \
  'latency-enqueue.dat' index 23 using 1:3 with lines lw 0.9 dt (6,3) lc rgb '#cc79a7' notitle, \
  'latency-enqueue.dat' index 22 using 1:3 with linespoints lw 1.8 lc rgb '#cc79a7' dt solid pt 13 ps 0.6 title 'lease 30s, work_time 50ms' noenhanced
unset multiplot
unset output
