# Run `gnuplot fairness.gp` in this directory to draw the picture again.
set encoding utf8
set terminal svg size 900,500 fixed enhanced font 'sans-serif,11' background rgb '#ffffff'
set output 'fairness.svg'
unset key
set border 3 lc rgb '#888888' lw 0.8
set tics nomirror scale 0.5 noenhanced textcolor rgb '#222222'
set grid xtics ytics lc rgb '#dddddd' lw 0.6 dt solid
set label 1 '{/:Bold Fairness: who gets the tasks}' at screen 0.01778, screen 0.95600 left font 'sans-serif,16' tc rgb '#222222'
set label 2 'consumers from the slowest to the fastest, mean of the repeats; on the diagonal all get the same' at screen 0.01778, screen 0.91200 left noenhanced font 'sans-serif,12' tc rgb '#666666'
set label 3 'run reference-default · commit 089ed4d720 · SQLite 3.40.1 · median of 6 repeats · seed 42' at screen 0.01778, screen 0.06800 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 4 'AMD EPYC · 2 cores · ext4' at screen 0.01778, screen 0.03800 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 5 'journal_mode = WAL' at screen 0.08667, screen 0.84800 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 6 'journal_mode = DELETE' at screen 0.56889, screen 0.84800 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 7 'synchronous, processes' at screen 0.01778, screen 0.21600 left noenhanced font 'sans-serif,11' tc rgb '#666666'
set arrow from screen 0.01778, screen 0.17600 to screen 0.05333, screen 0.17600 nohead dt (9,5) lw 1.8 lc rgb '#0072b2'
set label 8 '' at screen 0.03556, screen 0.17600 point pt 5 ps 0.7 lw 1 lc rgb '#0072b2'
set label 9 'NORMAL, processes 4' at screen 0.06222, screen 0.17600 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set arrow from screen 0.01778, screen 0.13600 to screen 0.05333, screen 0.13600 nohead dt (2,4) lw 1.82 lc rgb '#0072b2'
set label 10 '' at screen 0.03556, screen 0.13600 point pt 9 ps 0.7 lw 1 lc rgb '#0072b2'
set label 11 'NORMAL, processes 8' at screen 0.06222, screen 0.13600 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set arrow from screen 0.25889, screen 0.17600 to screen 0.29444, screen 0.17600 nohead dt (9,5) lw 1.8 lc rgb '#d55e00'
set label 12 '' at screen 0.27667, screen 0.17600 point pt 5 ps 0.7 lw 1 lc rgb '#d55e00'
set label 13 'FULL, processes 4' at screen 0.30333, screen 0.17600 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set arrow from screen 0.25889, screen 0.13600 to screen 0.29444, screen 0.13600 nohead dt (2,4) lw 1.82 lc rgb '#d55e00'
set label 14 '' at screen 0.27667, screen 0.13600 point pt 9 ps 0.7 lw 1 lc rgb '#d55e00'
set label 15 'FULL, processes 8' at screen 0.30333, screen 0.13600 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set arrow from screen 0.50000, screen 0.17600 to screen 0.53556, screen 0.17600 nohead dt (6,3) lw 1.8 lc rgb '#666666'
set label 17 'equal shares' at screen 0.54444, screen 0.17600 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set multiplot
set lmargin at screen 0.08667
set rmargin at screen 0.48889
set tmargin at screen 0.82400
set bmargin at screen 0.32400
set xrange [0:100]
set yrange [0:100]
set xtics ('0' 0, '25' 25, '50' 50, '75' 75, '100' 100)
set ytics ('0 %%' 0, '25 %%' 25, '50 %%' 50, '75 %%' 75, '100 %%' 100)
set xlabel '% of the consumers; up: % of the tasks' offset 0,0.7 noenhanced textcolor rgb '#666666'
plot x with lines lw 0.9 dt (6,3) lc rgb '#666666' notitle, \
  'fairness.dat' index 0 using 1:2 with linespoints lw 1.8 lc rgb '#0072b2' dt (9,5) pt 5 ps 0.6 notitle, \
  'fairness.dat' index 1 using 1:2 with linespoints lw 1.8 lc rgb '#0072b2' dt (2,4) pt 9 ps 0.6 notitle, \
  'fairness.dat' index 2 using 1:2 with linespoints lw 1.8 lc rgb '#d55e00' dt (9,5) pt 5 ps 0.6 notitle, \
  'fairness.dat' index 3 using 1:2 with linespoints lw 1.8 lc rgb '#d55e00' dt (2,4) pt 9 ps 0.6 notitle
unset label
unset arrow
unset object
set lmargin at screen 0.56889
set rmargin at screen 0.97111
set tmargin at screen 0.82400
set bmargin at screen 0.32400
set xrange [0:100]
set yrange [0:100]
set xtics ('0' 0, '25' 25, '50' 50, '75' 75, '100' 100)
set ytics ('0 %%' 0, '25 %%' 25, '50 %%' 50, '75 %%' 75, '100 %%' 100)
set xlabel '% of the consumers; up: % of the tasks' offset 0,0.7 noenhanced textcolor rgb '#666666'
plot x with lines lw 0.9 dt (6,3) lc rgb '#666666' notitle, \
  'fairness.dat' index 4 using 1:2 with linespoints lw 1.8 lc rgb '#0072b2' dt (9,5) pt 5 ps 0.6 notitle, \
  'fairness.dat' index 5 using 1:2 with linespoints lw 1.8 lc rgb '#0072b2' dt (2,4) pt 9 ps 0.6 notitle, \
  'fairness.dat' index 6 using 1:2 with linespoints lw 1.8 lc rgb '#d55e00' dt (9,5) pt 5 ps 0.6 notitle, \
  'fairness.dat' index 7 using 1:2 with linespoints lw 1.8 lc rgb '#d55e00' dt (2,4) pt 9 ps 0.6 notitle
unset multiplot
unset output
