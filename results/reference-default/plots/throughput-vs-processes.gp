# Run `gnuplot throughput-vs-processes.gp` in this directory to draw the picture again.
set encoding utf8
set terminal svg size 900,650 fixed enhanced font 'sans-serif,11' background rgb '#ffffff'
set output 'throughput-vs-processes.svg'
unset key
set border 3 lc rgb '#888888' lw 0.8
set tics nomirror scale 0.5 noenhanced textcolor rgb '#222222'
set grid xtics ytics lc rgb '#dddddd' lw 0.6 dt solid
set label 1 '{/:Bold Throughput against processes: tasks completed per second}' at screen 0.01778, screen 0.96615 left font 'sans-serif,16' tc rgb '#222222'
set label 2 'median of 6 repeats, bars 95 % interval; higher is better, logarithmic' at screen 0.01778, screen 0.93231 left noenhanced font 'sans-serif,12' tc rgb '#666666'
set label 3 'WAL, NORMAL: λ 4,551 (3,779 to 5,975)/s, σ 0.352 (0.149 to 0.682), κ 0.036 (0.013 to 0.057), N* 4.24 (3.46 to 5.58); 95 % bootstrap intervals' at screen 0.01778, screen 0.19077 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 4 'WAL, FULL: λ 1,296 (1,046 to 1,775)/s, σ 0.788 (0.478 to 1.375), κ 0.030 (0.0057 to 0.049), N* 2.67 (1.00 to 3.76); 95 % bootstrap intervals' at screen 0.01778, screen 0.16769 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 5 'DELETE, NORMAL: λ 484 (410 to 533)/s, σ 1.584 (1.179 to 1.816), κ 0.0000 (0.0000 to 0.026), N* 1.00 (1.00 to 1.00); 95 % bootstrap intervals' at screen 0.01778, screen 0.14462 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 6 'DELETE, FULL: λ 222 (173 to 310)/s, σ 0.319 (0.0099 to 0.889), κ 0.066 (0.038 to 0.093), N* 3.21 (1.61 to 3.80); 95 % bootstrap intervals' at screen 0.01778, screen 0.12154 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 7 'Universal Scalability Law X(N) = λN / (1 + σ(N−1) + κN(N−1)): λ what one process does, σ the share that only one can do at a time,' at screen 0.01778, screen 0.09846 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 8 'κ what processes cost each other, N* the number beyond which more do harm.' at screen 0.01778, screen 0.07538 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 9 'run reference-default · commit 089ed4d720 · SQLite 3.40.1 · median of 6 repeats · seed 42' at screen 0.01778, screen 0.05231 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 10 'AMD EPYC · 2 cores · ext4' at screen 0.01778, screen 0.02923 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 11 'journal_mode, synchronous' at screen 0.01778, screen 0.30462 left noenhanced font 'sans-serif,11' tc rgb '#666666'
set arrow from screen 0.01778, screen 0.27385 to screen 0.05333, screen 0.27385 nohead dt solid lw 1.8 lc rgb '#0072b2'
set label 12 '' at screen 0.03556, screen 0.27385 point pt 7 ps 0.7 lw 1 lc rgb '#0072b2'
set label 13 'WAL, NORMAL' at screen 0.06222, screen 0.27385 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set arrow from screen 0.01778, screen 0.24308 to screen 0.05333, screen 0.24308 nohead dt (9,5) lw 1.82 lc rgb '#0072b2'
set label 14 '' at screen 0.03556, screen 0.24308 point pt 5 ps 0.7 lw 1 lc rgb '#0072b2'
set label 15 'WAL, FULL' at screen 0.06222, screen 0.24308 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set arrow from screen 0.25889, screen 0.27385 to screen 0.29444, screen 0.27385 nohead dt solid lw 1.8 lc rgb '#d55e00'
set label 16 '' at screen 0.27667, screen 0.27385 point pt 7 ps 0.7 lw 1 lc rgb '#d55e00'
set label 17 'DELETE, NORMAL' at screen 0.30333, screen 0.27385 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set arrow from screen 0.25889, screen 0.24308 to screen 0.29444, screen 0.24308 nohead dt (9,5) lw 1.82 lc rgb '#d55e00'
set label 18 '' at screen 0.27667, screen 0.24308 point pt 5 ps 0.7 lw 1 lc rgb '#d55e00'
set label 19 'DELETE, FULL' at screen 0.30333, screen 0.24308 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set arrow from screen 0.50000, screen 0.27385 to screen 0.53556, screen 0.27385 nohead dt (6,3) lw 1.8 lc rgb '#666666'
set label 21 'bound by the write lock' at screen 0.54444, screen 0.27385 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set arrow from screen 0.50000, screen 0.24308 to screen 0.53556, screen 0.24308 nohead dt (2,3) lw 1.82 lc rgb '#666666'
set label 23 'fitted scalability law' at screen 0.54444, screen 0.24308 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set multiplot
set lmargin at screen 0.08667
set rmargin at screen 0.97111
set tmargin at screen 0.89538
set bmargin at screen 0.38769
set logscale x 2
set xrange [1.6666666666666667:9.6]
set xtics ('2' 2, '4' 4, '8' 8)
set xlabel 'processes (producers + consumers)' offset 0,0.7 textcolor rgb '#666666'
set yrange [200.0:20000.0]
set ytics ('200' 200.0, '500' 500.0, '1,000' 1000.0, '2,000' 2000.0, '5,000' 5000.0, '10,000' 10000.0, '20,000' 20000.0)
set logscale y
plot 'throughput-vs-processes.dat' index 1 using 1:2 with lines lw 0.9 dt (6,3) lc rgb '#0072b2' notitle, \
  'throughput-vs-processes.dat' index 2 using 1:2 with lines lw 1 dt (2,3) lc rgb '#0072b2' notitle, \
  'throughput-vs-processes.dat' index 0 using 1:3:(0):($4-$3) with vectors heads size screen 0.0035,90 dt solid lw 1 lc rgb '#0072b2' notitle, \
  'throughput-vs-processes.dat' index 0 using 1:2 with linespoints lw 1.8 lc rgb '#0072b2' dt solid pt 7 ps 0.6 title 'WAL, NORMAL' noenhanced, \
  'throughput-vs-processes.dat' index 4 using 1:2 with lines lw 0.9 dt (6,3) lc rgb '#0072b2' notitle, \
  'throughput-vs-processes.dat' index 5 using 1:2 with lines lw 1 dt (2,3) lc rgb '#0072b2' notitle, \
  'throughput-vs-processes.dat' index 3 using 1:3:(0):($4-$3) with vectors heads size screen 0.0035,90 dt solid lw 1 lc rgb '#0072b2' notitle, \
  'throughput-vs-processes.dat' index 3 using 1:2 with linespoints lw 1.8 lc rgb '#0072b2' dt (9,5) pt 5 ps 0.6 title 'WAL, FULL' noenhanced, \
  'throughput-vs-processes.dat' index 7 using 1:2 with lines lw 0.9 dt (6,3) lc rgb '#d55e00' notitle, \
  'throughput-vs-processes.dat' index 8 using 1:2 with lines lw 1 dt (2,3) lc rgb '#d55e00' notitle, \
  'throughput-vs-processes.dat' index 6 using 1:3:(0):($4-$3) with vectors heads size screen 0.0035,90 dt solid lw 1 lc rgb '#d55e00' notitle, \
  'throughput-vs-processes.dat' index 6 using 1:2 with linespoints lw 1.8 lc rgb '#d55e00' dt solid pt 7 ps 0.6 title 'DELETE, NORMAL' noenhanced, \
  'throughput-vs-processes.dat' index 10 using 1:2 with lines lw 0.9 dt (6,3) lc rgb '#d55e00' notitle, \
  'throughput-vs-processes.dat' index 11 using 1:2 with lines lw 1 dt (2,3) lc rgb '#d55e00' notitle, \
  'throughput-vs-processes.dat' index 9 using 1:3:(0):($4-$3) with vectors heads size screen 0.0035,90 dt solid lw 1 lc rgb '#d55e00' notitle, \
  'throughput-vs-processes.dat' index 9 using 1:2 with linespoints lw 1.8 lc rgb '#d55e00' dt (9,5) pt 5 ps 0.6 title 'DELETE, FULL' noenhanced
unset label
unset arrow
unset object
unset multiplot
unset output
