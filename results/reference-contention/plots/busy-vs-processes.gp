# Run `gnuplot busy-vs-processes.gp` in this directory to draw the picture again.
set encoding utf8
set terminal svg size 900,540 fixed enhanced font 'sans-serif,11' background rgb '#ffffff'
set output 'busy-vs-processes.svg'
unset key
set border 3 lc rgb '#888888' lw 0.8
set tics nomirror scale 0.5 noenhanced textcolor rgb '#222222'
set grid xtics ytics lc rgb '#dddddd' lw 0.6 dt solid
set label 1 '{/:Bold BUSY against processes: operations per 1,000 that met a busy database}' at screen 0.01778, screen 0.95926 left font 'sans-serif,16' tc rgb '#222222'
set label 2 'median of 3 repeats, bars min–max; lower is better' at screen 0.01778, screen 0.91852 left noenhanced font 'sans-serif,12' tc rgb '#666666'
set label 3 'run reference-contention · commit 089ed4d720 · SQLite 3.40.1 · median of 3 repeats · seed 42' at screen 0.01778, screen 0.06296 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 4 'AMD EPYC · 2 cores · ext4' at screen 0.01778, screen 0.03519 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 5 'busy_policy' at screen 0.01778, screen 0.16296 left noenhanced font 'sans-serif,11' tc rgb '#666666'
set arrow from screen 0.01778, screen 0.12593 to screen 0.05333, screen 0.12593 nohead dt solid lw 1.8 lc rgb '#0072b2'
set label 6 '' at screen 0.03556, screen 0.12593 point pt 7 ps 0.7 lw 1 lc rgb '#0072b2'
set label 7 'sqlite' at screen 0.06222, screen 0.12593 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set arrow from screen 0.25889, screen 0.12593 to screen 0.29444, screen 0.12593 nohead dt solid lw 1.82 lc rgb '#d55e00'
set label 8 '' at screen 0.27667, screen 0.12593 point pt 5 ps 0.7 lw 1 lc rgb '#d55e00'
set label 9 'fixed' at screen 0.30333, screen 0.12593 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set arrow from screen 0.50000, screen 0.12593 to screen 0.53556, screen 0.12593 nohead dt solid lw 1.8 lc rgb '#009e73'
set label 10 '' at screen 0.51778, screen 0.12593 point pt 9 ps 0.7 lw 1 lc rgb '#009e73'
set label 11 'backoff' at screen 0.54444, screen 0.12593 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set arrow from screen 0.74111, screen 0.12593 to screen 0.77667, screen 0.12593 nohead dt solid lw 1.82 lc rgb '#cc79a7'
set label 12 '' at screen 0.75889, screen 0.12593 point pt 13 ps 0.7 lw 1 lc rgb '#cc79a7'
set label 13 'handoff' at screen 0.78556, screen 0.12593 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set multiplot
set lmargin at screen 0.08667
set rmargin at screen 0.97111
set tmargin at screen 0.87407
set bmargin at screen 0.26296
set logscale x 2
set xrange [1.6666666666666667:19.2]
set xtics ('2' 2, '4' 4, '8' 8, '16' 16)
set xlabel 'processes (producers + consumers)' offset 0,0.7 textcolor rgb '#666666'
set yrange [0.0:225.93794000000003]
set ytics ('0' 0.0, '50' 50.0, '100' 100.0, '150' 150.0, '200' 200.0)
plot 'busy-vs-processes.dat' index 0 using 1:3:(0):($4-$3) with vectors heads size screen 0.0035,90 dt solid lw 1 lc rgb '#0072b2' notitle, \
  'busy-vs-processes.dat' index 0 using 1:2 with linespoints lw 1.8 lc rgb '#0072b2' dt solid pt 7 ps 0.6 title 'sqlite' noenhanced, \
  'busy-vs-processes.dat' index 1 using 1:3:(0):($4-$3) with vectors heads size screen 0.0035,90 dt solid lw 1 lc rgb '#d55e00' notitle, \
  'busy-vs-processes.dat' index 1 using 1:2 with linespoints lw 1.8 lc rgb '#d55e00' dt solid pt 5 ps 0.6 title 'fixed' noenhanced, \
  'busy-vs-processes.dat' index 2 using 1:3:(0):($4-$3) with vectors heads size screen 0.0035,90 dt solid lw 1 lc rgb '#009e73' notitle, \
  'busy-vs-processes.dat' index 2 using 1:2 with linespoints lw 1.8 lc rgb '#009e73' dt solid pt 9 ps 0.6 title 'backoff' noenhanced, \
  'busy-vs-processes.dat' index 3 using 1:3:(0):($4-$3) with vectors heads size screen 0.0035,90 dt solid lw 1 lc rgb '#cc79a7' notitle, \
  'busy-vs-processes.dat' index 3 using 1:2 with linespoints lw 1.8 lc rgb '#cc79a7' dt solid pt 13 ps 0.6 title 'handoff' noenhanced
unset label
unset arrow
unset object
unset multiplot
unset output
