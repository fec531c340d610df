# Run `gnuplot latency-claim.gp` in this directory to draw the picture again.
set encoding utf8
set terminal svg size 900,430 fixed enhanced font 'sans-serif,11' background rgb '#ffffff'
set output 'latency-claim.svg'
unset key
set border 3 lc rgb '#888888' lw 0.8
set tics nomirror scale 0.5 noenhanced textcolor rgb '#222222'
set grid xtics ytics lc rgb '#dddddd' lw 0.6 dt solid
set label 1 '{/:Bold Claim latency by percentile}' at screen 0.01778, screen 0.94884 left font 'sans-serif,16' tc rgb '#222222'
set label 2 'median of 3 repeats; both axes logarithmic, lower is better' at screen 0.01778, screen 0.89767 left noenhanced font 'sans-serif,12' tc rgb '#666666'
set label 3 'run reference-lease-matrix · commit 089ed4d720 · SQLite 3.40.1 · PRAGMAs 62c2dceee780 · median of 3 repeats · seed 42' at screen 0.01778, screen 0.07907 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 4 'AMD EPYC · 2 cores · ext4' at screen 0.01778, screen 0.04419 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 5 'work_time = 1ms' at screen 0.08667, screen 0.82326 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 6 'work_time = 10ms' at screen 0.40778, screen 0.82326 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 7 'work_time = 50ms' at screen 0.72889, screen 0.82326 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 8 'lease' at screen 0.01778, screen 0.20465 left noenhanced font 'sans-serif,11' tc rgb '#666666'
set arrow from screen 0.01778, screen 0.15814 to screen 0.05333, screen 0.15814 nohead dt solid lw 1.8 lc rgb '#0072b2'
set label 9 '' at screen 0.03556, screen 0.15814 point pt 7 ps 0.7 lw 1 lc rgb '#0072b2'
set label 10 '25ms' at screen 0.06222, screen 0.15814 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set arrow from screen 0.25889, screen 0.15814 to screen 0.29444, screen 0.15814 nohead dt solid lw 1.82 lc rgb '#d55e00'
set label 11 '' at screen 0.27667, screen 0.15814 point pt 5 ps 0.7 lw 1 lc rgb '#d55e00'
set label 12 '100ms' at screen 0.30333, screen 0.15814 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set arrow from screen 0.50000, screen 0.15814 to screen 0.53556, screen 0.15814 nohead dt solid lw 1.8 lc rgb '#009e73'
set label 13 '' at screen 0.51778, screen 0.15814 point pt 9 ps 0.7 lw 1 lc rgb '#009e73'
set label 14 '1s' at screen 0.54444, screen 0.15814 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set arrow from screen 0.74111, screen 0.15814 to screen 0.77667, screen 0.15814 nohead dt solid lw 1.82 lc rgb '#cc79a7'
set label 15 '' at screen 0.75889, screen 0.15814 point pt 13 ps 0.7 lw 1 lc rgb '#cc79a7'
set label 16 '30s' at screen 0.78556, screen 0.15814 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set multiplot
set lmargin at screen 0.08667
set rmargin at screen 0.32778
set tmargin at screen 0.79535
set bmargin at screen 0.33023
set logscale xy
set xrange [1.8:112]
set xtics ('50' 2, '90' 10, '95' 20, '99' 100)
set xlabel 'percentile' offset 0,0.7 textcolor rgb '#666666'
set yrange [100.0:500.0]
set ytics ('100 µs' 100.0, '200 µs' 200.0, '500 µs' 500.0)
plot 'latency-claim.dat' index 0 using 1:3 with linespoints lw 1.8 lc rgb '#0072b2' dt solid pt 7 ps 0.6 title 'lease 25ms, work_time 1ms' noenhanced, \
  'latency-claim.dat' index 1 using 1:3 with linespoints lw 1.8 lc rgb '#d55e00' dt solid pt 5 ps 0.6 title 'lease 100ms, work_time 1ms' noenhanced, \
  'latency-claim.dat' index 2 using 1:3 with linespoints lw 1.8 lc rgb '#009e73' dt solid pt 9 ps 0.6 title 'lease 1s, work_time 1ms' noenhanced, \
  'latency-claim.dat' index 3 using 1:3 with linespoints lw 1.8 lc rgb '#cc79a7' dt solid pt 13 ps 0.6 title 'lease 30s, work_time 1ms' noenhanced
unset label
unset arrow
unset object
set lmargin at screen 0.40778
set rmargin at screen 0.64889
set tmargin at screen 0.79535
set bmargin at screen 0.33023
plot 'latency-claim.dat' index 4 using 1:3 with linespoints lw 1.8 lc rgb '#0072b2' dt solid pt 7 ps 0.6 title 'lease 25ms, work_time 10ms' noenhanced, \
  'latency-claim.dat' index 5 using 1:3 with linespoints lw 1.8 lc rgb '#d55e00' dt solid pt 5 ps 0.6 title 'lease 100ms, work_time 10ms' noenhanced, \
  'latency-claim.dat' index 6 using 1:3 with linespoints lw 1.8 lc rgb '#009e73' dt solid pt 9 ps 0.6 title 'lease 1s, work_time 10ms' noenhanced, \
  'latency-claim.dat' index 7 using 1:3 with linespoints lw 1.8 lc rgb '#cc79a7' dt solid pt 13 ps 0.6 title 'lease 30s, work_time 10ms' noenhanced
set lmargin at screen 0.72889
set rmargin at screen 0.97000
set tmargin at screen 0.79535
set bmargin at screen 0.33023
plot 'latency-claim.dat' index 8 using 1:3 with linespoints lw 1.8 lc rgb '#0072b2' dt solid pt 7 ps 0.6 title 'lease 25ms, work_time 50ms' noenhanced, \
  'latency-claim.dat' index 9 using 1:3 with linespoints lw 1.8 lc rgb '#d55e00' dt solid pt 5 ps 0.6 title 'lease 100ms, work_time 50ms' noenhanced, \
  'latency-claim.dat' index 10 using 1:3 with linespoints lw 1.8 lc rgb '#009e73' dt solid pt 9 ps 0.6 title 'lease 1s, work_time 50ms' noenhanced, \
  'latency-claim.dat' index 11 using 1:3 with linespoints lw 1.8 lc rgb '#cc79a7' dt solid pt 13 ps 0.6 title 'lease 30s, work_time 50ms' noenhanced
unset multiplot
unset output
