# Run `gnuplot fairness.gp` in this directory to draw the picture again.
set encoding utf8
set terminal svg size 900,600 fixed enhanced font 'sans-serif,11' background rgb '#ffffff'
set output 'fairness.svg'
unset key
set border 3 lc rgb '#888888' lw 0.8
set tics nomirror scale 0.5 noenhanced textcolor rgb '#222222'
set grid xtics ytics lc rgb '#dddddd' lw 0.6 dt solid
set label 1 '{/:Bold Fairness: who gets the tasks}' at screen 0.01778, screen 0.96333 left font 'sans-serif,16' tc rgb '#222222'
set label 2 'consumers from the slowest to the fastest, mean of the repeats; on the diagonal all get the same' at screen 0.01778, screen 0.92667 left noenhanced font 'sans-serif,12' tc rgb '#666666'
set label 3 'run reference-operations · commit 0c03dab2c6 · SQLite 3.40.1 · PRAGMAs 62c2dceee780 · median of 3 repeats · seed 500' at screen 0.01778, screen 0.05667 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 4 'AMD EPYC · 2 cores · ext4' at screen 0.01778, screen 0.03167 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 5 'faults' at screen 0.01778, screen 0.24667 left noenhanced font 'sans-serif,11' tc rgb '#666666'
set arrow from screen 0.01778, screen 0.21333 to screen 0.05333, screen 0.21333 nohead dt solid lw 1.8 lc rgb '#0072b2'
set label 6 '' at screen 0.03556, screen 0.21333 point pt 7 ps 0.7 lw 1 lc rgb '#0072b2'
set label 7 'none' at screen 0.06222, screen 0.21333 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set arrow from screen 0.01778, screen 0.18000 to screen 0.05333, screen 0.18000 nohead dt solid lw 1.82 lc rgb '#d55e00'
set label 8 '' at screen 0.03556, screen 0.18000 point pt 5 ps 0.7 lw 1 lc rgb '#d55e00'
set label 9 'command(run=taskqueue backup every=60s at=1s)' at screen 0.06222, screen 0.18000 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set arrow from screen 0.01778, screen 0.14667 to screen 0.05333, screen 0.14667 nohead dt solid lw 1.8 lc rgb '#009e73'
set label 10 '' at screen 0.03556, screen 0.14667 point pt 9 ps 0.7 lw 1 lc rgb '#009e73'
set label 11 'command(run=taskqueue prune --older-than 7d every=60s at=1s)' at screen 0.06222, screen 0.14667 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set arrow from screen 0.01778, screen 0.11333 to screen 0.05333, screen 0.11333 nohead dt (6,3) lw 1.82 lc rgb '#666666'
set label 13 'equal shares' at screen 0.06222, screen 0.11333 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set multiplot
set lmargin at screen 0.08667
set rmargin at screen 0.97111
set tmargin at screen 0.88667
set bmargin at screen 0.33667
set xrange [0:100]
set yrange [0:100]
set xtics ('0' 0, '25' 25, '50' 50, '75' 75, '100' 100)
set ytics ('0 %%' 0, '25 %%' 25, '50 %%' 50, '75 %%' 75, '100 %%' 100)
set xlabel '% of the consumers; up: % of the tasks' offset 0,0.7 noenhanced textcolor rgb '#666666'
plot x with lines lw 0.9 dt (6,3) lc rgb '#666666' notitle, \
  'fairness.dat' index 0 using 1:2 with linespoints lw 1.8 lc rgb '#0072b2' dt solid pt 7 ps 0.6 notitle, \
  'fairness.dat' index 1 using 1:2 with linespoints lw 1.8 lc rgb '#d55e00' dt solid pt 5 ps 0.6 notitle, \
  'fairness.dat' index 2 using 1:2 with linespoints lw 1.8 lc rgb '#009e73' dt solid pt 9 ps 0.6 notitle
unset label
unset arrow
unset object
unset multiplot
unset output
