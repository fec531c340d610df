# Run `gnuplot fairness.gp` in this directory to draw the picture again.
set encoding utf8
set terminal svg size 900,540 fixed enhanced font 'sans-serif,11' background rgb '#ffffff'
set output 'fairness.svg'
unset key
set border 3 lc rgb '#888888' lw 0.8
set tics nomirror scale 0.5 noenhanced textcolor rgb '#222222'
set grid xtics ytics lc rgb '#dddddd' lw 0.6 dt solid
set label 1 '{/:Bold Fairness: who gets the tasks}' at screen 0.01778, screen 0.95926 left font 'sans-serif,16' tc rgb '#222222'
set label 2 'consumers from the slowest to the fastest, mean of the repeats; on the diagonal all get the same' at screen 0.01778, screen 0.91852 left noenhanced font 'sans-serif,12' tc rgb '#666666'
set label 3 'run reference-soak · commit 2c0c364a10 · SQLite 3.40.1 · PRAGMAs 62c2dceee780 · one repeat · seed 5' at screen 0.01778, screen 0.06296 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 4 'AMD EPYC · 2 cores · ext4' at screen 0.01778, screen 0.03519 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 5 'cell' at screen 0.01778, screen 0.16296 left noenhanced font 'sans-serif,11' tc rgb '#666666'
set arrow from screen 0.01778, screen 0.12593 to screen 0.05333, screen 0.12593 nohead dt solid lw 1.8 lc rgb '#0072b2'
set label 6 '' at screen 0.03556, screen 0.12593 point pt 7 ps 0.7 lw 1 lc rgb '#0072b2'
set label 7 'c01' at screen 0.06222, screen 0.12593 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set arrow from screen 0.50000, screen 0.12593 to screen 0.53556, screen 0.12593 nohead dt (6,3) lw 1.82 lc rgb '#666666'
set label 9 'equal shares' at screen 0.54444, screen 0.12593 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set multiplot
set lmargin at screen 0.08667
set rmargin at screen 0.97111
set tmargin at screen 0.87407
set bmargin at screen 0.26296
set xrange [0:100]
set yrange [0:100]
set xtics ('0' 0, '25' 25, '50' 50, '75' 75, '100' 100)
set ytics ('0 %%' 0, '25 %%' 25, '50 %%' 50, '75 %%' 75, '100 %%' 100)
set xlabel '% of the consumers; up: % of the tasks' offset 0,0.7 noenhanced textcolor rgb '#666666'
plot x with lines lw 0.9 dt (6,3) lc rgb '#666666' notitle, \
  'fairness.dat' index 0 using 1:2 with linespoints lw 1.8 lc rgb '#0072b2' dt solid pt 7 ps 0.6 notitle
unset label
unset arrow
unset object
unset multiplot
unset output
