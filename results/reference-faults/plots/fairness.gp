# Run `gnuplot fairness.gp` in this directory to draw the picture again.
set encoding utf8
set terminal svg size 900,1240 fixed enhanced font 'sans-serif,11' background rgb '#ffffff'
set output 'fairness.svg'
unset key
set border 3 lc rgb '#888888' lw 0.8
set tics nomirror scale 0.5 noenhanced textcolor rgb '#222222'
set grid xtics ytics lc rgb '#dddddd' lw 0.6 dt solid
set label 1 '{/:Bold Fairness: who gets the tasks}' at screen 0.01778, screen 0.98226 left font 'sans-serif,16' tc rgb '#222222'
set label 2 'consumers from the slowest to the fastest, mean of the repeats; on the diagonal all get the same' at screen 0.01778, screen 0.96452 left noenhanced font 'sans-serif,12' tc rgb '#666666'
set label 3 'run reference-faults · commit 2c0c364a10 · SQLite 3.40.1 · PRAGMAs ead9584bafe5 · median of 3 repeats · seed 17' at screen 0.01778, screen 0.02742 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 4 'AMD EPYC · 2 cores · ext4' at screen 0.01778, screen 0.01532 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 5 'faults = none' at screen 0.08667, screen 0.93871 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 6 'faults = kill(every=100ms)' at screen 0.40778, screen 0.93871 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 7 'faults = stop(every=…or=800ms)' at screen 0.72889, screen 0.93871 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 8 'faults = reader' at screen 0.08667, screen 0.72097 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 9 'faults = writer' at screen 0.40778, screen 0.72097 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 10 'faults = disk_full' at screen 0.72889, screen 0.72097 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 11 'faults = io_error' at screen 0.08667, screen 0.50323 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 12 'faults = clock' at screen 0.40778, screen 0.50323 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 13 'faults = backup' at screen 0.72889, screen 0.50323 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 14 'faults = vacuum' at screen 0.08667, screen 0.28548 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 15 'cell' at screen 0.01778, screen 0.07097 left noenhanced font 'sans-serif,11' tc rgb '#666666'
set arrow from screen 0.01778, screen 0.05484 to screen 0.05333, screen 0.05484 nohead dt solid lw 1.8 lc rgb '#0072b2'
set label 16 '' at screen 0.03556, screen 0.05484 point pt 7 ps 0.7 lw 1 lc rgb '#0072b2'
set label 17 'c01' at screen 0.06222, screen 0.05484 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set arrow from screen 0.50000, screen 0.05484 to screen 0.53556, screen 0.05484 nohead dt (6,3) lw 1.82 lc rgb '#666666'
set label 19 'equal shares' at screen 0.54444, screen 0.05484 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set multiplot
set lmargin at screen 0.08667
set rmargin at screen 0.32778
set tmargin at screen 0.92903
set bmargin at screen 0.76774
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
set lmargin at screen 0.40778
set rmargin at screen 0.64889
set tmargin at screen 0.92903
set bmargin at screen 0.76774
set xrange [0:100]
set yrange [0:100]
set xtics ('0' 0, '25' 25, '50' 50, '75' 75, '100' 100)
set ytics ('0 %%' 0, '25 %%' 25, '50 %%' 50, '75 %%' 75, '100 %%' 100)
set xlabel '% of the consumers; up: % of the tasks' offset 0,0.7 noenhanced textcolor rgb '#666666'
plot x with lines lw 0.9 dt (6,3) lc rgb '#666666' notitle, \
  'fairness.dat' index 1 using 1:2 with linespoints lw 1.8 lc rgb '#0072b2' dt solid pt 7 ps 0.6 notitle
set lmargin at screen 0.72889
set rmargin at screen 0.97000
set tmargin at screen 0.92903
set bmargin at screen 0.76774
set xrange [0:100]
set yrange [0:100]
set xtics ('0' 0, '25' 25, '50' 50, '75' 75, '100' 100)
set ytics ('0 %%' 0, '25 %%' 25, '50 %%' 50, '75 %%' 75, '100 %%' 100)
set xlabel '% of the consumers; up: % of the tasks' offset 0,0.7 noenhanced textcolor rgb '#666666'
plot x with lines lw 0.9 dt (6,3) lc rgb '#666666' notitle, \
  'fairness.dat' index 2 using 1:2 with linespoints lw 1.8 lc rgb '#0072b2' dt solid pt 7 ps 0.6 notitle
set lmargin at screen 0.08667
set rmargin at screen 0.32778
set tmargin at screen 0.71129
set bmargin at screen 0.55000
set xrange [0:100]
set yrange [0:100]
set xtics ('0' 0, '25' 25, '50' 50, '75' 75, '100' 100)
set ytics ('0 %%' 0, '25 %%' 25, '50 %%' 50, '75 %%' 75, '100 %%' 100)
set xlabel '% of the consumers; up: % of the tasks' offset 0,0.7 noenhanced textcolor rgb '#666666'
plot x with lines lw 0.9 dt (6,3) lc rgb '#666666' notitle, \
  'fairness.dat' index 3 using 1:2 with linespoints lw 1.8 lc rgb '#0072b2' dt solid pt 7 ps 0.6 notitle
set lmargin at screen 0.40778
set rmargin at screen 0.64889
set tmargin at screen 0.71129
set bmargin at screen 0.55000
set xrange [0:100]
set yrange [0:100]
set xtics ('0' 0, '25' 25, '50' 50, '75' 75, '100' 100)
set ytics ('0 %%' 0, '25 %%' 25, '50 %%' 50, '75 %%' 75, '100 %%' 100)
set xlabel '% of the consumers; up: % of the tasks' offset 0,0.7 noenhanced textcolor rgb '#666666'
plot x with lines lw 0.9 dt (6,3) lc rgb '#666666' notitle, \
  'fairness.dat' index 4 using 1:2 with linespoints lw 1.8 lc rgb '#0072b2' dt solid pt 7 ps 0.6 notitle
set lmargin at screen 0.72889
set rmargin at screen 0.97000
set tmargin at screen 0.71129
set bmargin at screen 0.55000
set xrange [0:100]
set yrange [0:100]
set xtics ('0' 0, '25' 25, '50' 50, '75' 75, '100' 100)
set ytics ('0 %%' 0, '25 %%' 25, '50 %%' 50, '75 %%' 75, '100 %%' 100)
set xlabel '% of the consumers; up: % of the tasks' offset 0,0.7 noenhanced textcolor rgb '#666666'
plot x with lines lw 0.9 dt (6,3) lc rgb '#666666' notitle, \
  'fairness.dat' index 5 using 1:2 with linespoints lw 1.8 lc rgb '#0072b2' dt solid pt 7 ps 0.6 notitle
set lmargin at screen 0.08667
set rmargin at screen 0.32778
set tmargin at screen 0.49355
set bmargin at screen 0.33226
set xrange [0:100]
set yrange [0:100]
set xtics ('0' 0, '25' 25, '50' 50, '75' 75, '100' 100)
set ytics ('0 %%' 0, '25 %%' 25, '50 %%' 50, '75 %%' 75, '100 %%' 100)
set xlabel '% of the consumers; up: % of the tasks' offset 0,0.7 noenhanced textcolor rgb '#666666'
plot x with lines lw 0.9 dt (6,3) lc rgb '#666666' notitle, \
  'fairness.dat' index 6 using 1:2 with linespoints lw 1.8 lc rgb '#0072b2' dt solid pt 7 ps 0.6 notitle
set lmargin at screen 0.40778
set rmargin at screen 0.64889
set tmargin at screen 0.49355
set bmargin at screen 0.33226
set xrange [0:100]
set yrange [0:100]
set xtics ('0' 0, '25' 25, '50' 50, '75' 75, '100' 100)
set ytics ('0 %%' 0, '25 %%' 25, '50 %%' 50, '75 %%' 75, '100 %%' 100)
set xlabel '% of the consumers; up: % of the tasks' offset 0,0.7 noenhanced textcolor rgb '#666666'
plot x with lines lw 0.9 dt (6,3) lc rgb '#666666' notitle, \
  'fairness.dat' index 7 using 1:2 with linespoints lw 1.8 lc rgb '#0072b2' dt solid pt 7 ps 0.6 notitle
set lmargin at screen 0.72889
set rmargin at screen 0.97000
set tmargin at screen 0.49355
set bmargin at screen 0.33226
set xrange [0:100]
set yrange [0:100]
set xtics ('0' 0, '25' 25, '50' 50, '75' 75, '100' 100)
set ytics ('0 %%' 0, '25 %%' 25, '50 %%' 50, '75 %%' 75, '100 %%' 100)
set xlabel '% of the consumers; up: % of the tasks' offset 0,0.7 noenhanced textcolor rgb '#666666'
plot x with lines lw 0.9 dt (6,3) lc rgb '#666666' notitle, \
  'fairness.dat' index 8 using 1:2 with linespoints lw 1.8 lc rgb '#0072b2' dt solid pt 7 ps 0.6 notitle
set lmargin at screen 0.08667
set rmargin at screen 0.32778
set tmargin at screen 0.27581
set bmargin at screen 0.11452
set xrange [0:100]
set yrange [0:100]
set xtics ('0' 0, '25' 25, '50' 50, '75' 75, '100' 100)
set ytics ('0 %%' 0, '25 %%' 25, '50 %%' 50, '75 %%' 75, '100 %%' 100)
set xlabel '% of the consumers; up: % of the tasks' offset 0,0.7 noenhanced textcolor rgb '#666666'
plot x with lines lw 0.9 dt (6,3) lc rgb '#666666' notitle, \
  'fairness.dat' index 9 using 1:2 with linespoints lw 1.8 lc rgb '#0072b2' dt solid pt 7 ps 0.6 notitle
unset multiplot
unset output
