# Run `gnuplot latency-claim.gp` in this directory to draw the picture again.
set encoding utf8
set terminal svg size 900,580 fixed enhanced font 'sans-serif,11' background rgb '#ffffff'
set output 'latency-claim.svg'
unset key
set border 3 lc rgb '#888888' lw 0.8
set tics nomirror scale 0.5 noenhanced textcolor rgb '#222222'
set grid xtics ytics lc rgb '#dddddd' lw 0.6 dt solid
set label 1 '{/:Bold Claim latency by percentile}' at screen 0.01778, screen 0.96207 left font 'sans-serif,16' tc rgb '#222222'
set label 2 'median of 3 repeats; both axes logarithmic, lower is better' at screen 0.01778, screen 0.92414 left noenhanced font 'sans-serif,12' tc rgb '#666666'
set label 3 'run reference-operations · commit 0c03dab2c6 · SQLite 3.40.1 · PRAGMAs 62c2dceee780 · median of 3 repeats · seed 500' at screen 0.01778, screen 0.05862 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 4 'AMD EPYC · 2 cores · ext4' at screen 0.01778, screen 0.03276 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 5 'faults' at screen 0.01778, screen 0.22069 left noenhanced font 'sans-serif,11' tc rgb '#666666'
set arrow from screen 0.01778, screen 0.18621 to screen 0.05333, screen 0.18621 nohead dt solid lw 1.8 lc rgb '#0072b2'
set label 6 '' at screen 0.03556, screen 0.18621 point pt 7 ps 0.7 lw 1 lc rgb '#0072b2'
set label 7 'none' at screen 0.06222, screen 0.18621 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set arrow from screen 0.01778, screen 0.15172 to screen 0.05333, screen 0.15172 nohead dt solid lw 1.82 lc rgb '#d55e00'
set label 8 '' at screen 0.03556, screen 0.15172 point pt 5 ps 0.7 lw 1 lc rgb '#d55e00'
set label 9 'command(run=taskqueue backup every=60s at=1s)' at screen 0.06222, screen 0.15172 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set arrow from screen 0.01778, screen 0.11724 to screen 0.05333, screen 0.11724 nohead dt solid lw 1.8 lc rgb '#009e73'
set label 10 '' at screen 0.03556, screen 0.11724 point pt 9 ps 0.7 lw 1 lc rgb '#009e73'
set label 11 'command(run=taskqueue prune --older-than 7d every=60s at=1s)' at screen 0.06222, screen 0.11724 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set multiplot
set lmargin at screen 0.08667
set rmargin at screen 0.97111
set tmargin at screen 0.88276
set bmargin at screen 0.31379
set logscale xy
set xrange [1.8:1120]
set xtics ('50' 2, '90' 10, '95' 20, '99' 100, '99.9' 1000)
set xlabel 'percentile' offset 0,0.7 textcolor rgb '#666666'
set yrange [50.0:2000.0]
set ytics ('50 µs' 50.0, '100 µs' 100.0, '200 µs' 200.0, '500 µs' 500.0, '1 ms' 1000.0, '2 ms' 2000.0)
plot 'latency-claim.dat' index 0 using 1:3 with linespoints lw 1.8 lc rgb '#0072b2' dt solid pt 7 ps 0.6 title 'none' noenhanced, \
  'latency-claim.dat' index 1 using 1:3 with linespoints lw 1.8 lc rgb '#d55e00' dt solid pt 5 ps 0.6 title 'command(run=taskqueue backup every=60s at=1s)' noenhanced, \
  'latency-claim.dat' index 2 using 1:3 with linespoints lw 1.8 lc rgb '#009e73' dt solid pt 9 ps 0.6 title 'command(run=taskqueue prune --older-than 7d every=60s at=1s)' noenhanced
unset label
unset arrow
unset object
unset multiplot
unset output
