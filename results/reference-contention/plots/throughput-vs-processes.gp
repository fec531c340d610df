# Run `gnuplot throughput-vs-processes.gp` in this directory to draw the picture again.
set encoding utf8
set terminal svg size 900,635 fixed enhanced font 'sans-serif,11' background rgb '#ffffff'
set output 'throughput-vs-processes.svg'
unset key
set border 3 lc rgb '#888888' lw 0.8
set tics nomirror scale 0.5 noenhanced textcolor rgb '#222222'
set grid xtics ytics lc rgb '#dddddd' lw 0.6 dt solid
set label 1 '{/:Bold Throughput against processes: tasks completed per second}' at screen 0.01778, screen 0.96535 left font 'sans-serif,16' tc rgb '#222222'
set label 2 'median of 3 repeats, bars min–max; higher is better' at screen 0.01778, screen 0.93071 left noenhanced font 'sans-serif,12' tc rgb '#666666'
set label 3 'fixed: λ 8,083/s, σ 0.867, κ 0.011, N* 3.52' at screen 0.01778, screen 0.17165 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 4 'backoff: λ 9,204/s, σ 0.0000, κ 0.307, N* 1.80' at screen 0.01778, screen 0.14803 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 5 'handoff: λ 5,581/s, σ 0.525, κ 0.024, N* 4.41' at screen 0.01778, screen 0.12441 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 6 'Universal Scalability Law X(N) = λN / (1 + σ(N−1) + κN(N−1)): λ what one process does, σ the share that only one can do at a time,' at screen 0.01778, screen 0.10079 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 7 'κ what processes cost each other, N* the number beyond which more do harm.' at screen 0.01778, screen 0.07717 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 8 'run reference-contention · commit 089ed4d720 · SQLite 3.40.1 · median of 3 repeats · seed 42' at screen 0.01778, screen 0.05354 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 9 'AMD EPYC · 2 cores · ext4' at screen 0.01778, screen 0.02992 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 10 'busy_policy' at screen 0.01778, screen 0.28819 left noenhanced font 'sans-serif,11' tc rgb '#666666'
set arrow from screen 0.01778, screen 0.25669 to screen 0.05333, screen 0.25669 nohead dt solid lw 1.8 lc rgb '#0072b2'
set label 11 '' at screen 0.03556, screen 0.25669 point pt 7 ps 0.7 lw 1 lc rgb '#0072b2'
set label 12 'sqlite' at screen 0.06222, screen 0.25669 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set arrow from screen 0.01778, screen 0.22520 to screen 0.05333, screen 0.22520 nohead dt solid lw 1.82 lc rgb '#d55e00'
set label 13 '' at screen 0.03556, screen 0.22520 point pt 5 ps 0.7 lw 1 lc rgb '#d55e00'
set label 14 'fixed' at screen 0.06222, screen 0.22520 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set arrow from screen 0.25889, screen 0.25669 to screen 0.29444, screen 0.25669 nohead dt solid lw 1.8 lc rgb '#009e73'
set label 15 '' at screen 0.27667, screen 0.25669 point pt 9 ps 0.7 lw 1 lc rgb '#009e73'
set label 16 'backoff' at screen 0.30333, screen 0.25669 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set arrow from screen 0.25889, screen 0.22520 to screen 0.29444, screen 0.22520 nohead dt solid lw 1.82 lc rgb '#cc79a7'
set label 17 '' at screen 0.27667, screen 0.22520 point pt 13 ps 0.7 lw 1 lc rgb '#cc79a7'
set label 18 'handoff' at screen 0.30333, screen 0.22520 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set arrow from screen 0.50000, screen 0.25669 to screen 0.53556, screen 0.25669 nohead dt (6,3) lw 1.8 lc rgb '#666666'
set label 20 'bound by the write lock' at screen 0.54444, screen 0.25669 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set arrow from screen 0.50000, screen 0.22520 to screen 0.53556, screen 0.22520 nohead dt (2,3) lw 1.82 lc rgb '#666666'
set label 22 'fitted scalability law' at screen 0.54444, screen 0.22520 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set multiplot
set lmargin at screen 0.08667
set rmargin at screen 0.97111
set tmargin at screen 0.89291
set bmargin at screen 0.37323
set logscale x 2
set xrange [1.6666666666666667:19.2]
set xtics ('2' 2, '4' 4, '8' 8, '16' 16)
set xlabel 'processes (producers + consumers)' offset 0,0.7 textcolor rgb '#666666'
set yrange [0.0:17704.215467165744]
set ytics ('0' 0.0, '5,000' 5000.0, '10,000' 10000.0, '15,000' 15000.0)
plot 'throughput-vs-processes.dat' index 1 using 1:2 with lines lw 0.9 dt (6,3) lc rgb '#0072b2' notitle, \
  'throughput-vs-processes.dat' index 0 using 1:3:(0):($4-$3) with vectors heads size screen 0.0035,90 dt solid lw 1 lc rgb '#0072b2' notitle, \
  'throughput-vs-processes.dat' index 0 using 1:2 with linespoints lw 1.8 lc rgb '#0072b2' dt solid pt 7 ps 0.6 title 'sqlite' noenhanced, \
  'throughput-vs-processes.dat' index 3 using 1:2 with lines lw 0.9 dt (6,3) lc rgb '#d55e00' notitle, \
  'throughput-vs-processes.dat' index 4 using 1:2 with lines lw 1 dt (2,3) lc rgb '#d55e00' notitle, \
  'throughput-vs-processes.dat' index 2 using 1:3:(0):($4-$3) with vectors heads size screen 0.0035,90 dt solid lw 1 lc rgb '#d55e00' notitle, \
  'throughput-vs-processes.dat' index 2 using 1:2 with linespoints lw 1.8 lc rgb '#d55e00' dt solid pt 5 ps 0.6 title 'fixed' noenhanced, \
  'throughput-vs-processes.dat' index 6 using 1:2 with lines lw 0.9 dt (6,3) lc rgb '#009e73' notitle, \
  'throughput-vs-processes.dat' index 7 using 1:2 with lines lw 1 dt (2,3) lc rgb '#009e73' notitle, \
  'throughput-vs-processes.dat' index 5 using 1:3:(0):($4-$3) with vectors heads size screen 0.0035,90 dt solid lw 1 lc rgb '#009e73' notitle, \
  'throughput-vs-processes.dat' index 5 using 1:2 with linespoints lw 1.8 lc rgb '#009e73' dt solid pt 9 ps 0.6 title 'backoff' noenhanced, \
  'throughput-vs-processes.dat' index 9 using 1:2 with lines lw 0.9 dt (6,3) lc rgb '#cc79a7' notitle, \
  'throughput-vs-processes.dat' index 10 using 1:2 with lines lw 1 dt (2,3) lc rgb '#cc79a7' notitle, \
  'throughput-vs-processes.dat' index 8 using 1:3:(0):($4-$3) with vectors heads size screen 0.0035,90 dt solid lw 1 lc rgb '#cc79a7' notitle, \
  'throughput-vs-processes.dat' index 8 using 1:2 with linespoints lw 1.8 lc rgb '#cc79a7' dt solid pt 13 ps 0.6 title 'handoff' noenhanced
unset label
unset arrow
unset object
unset multiplot
unset output
