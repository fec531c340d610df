# Run `gnuplot timeline.gp` in this directory to draw the picture again.
set encoding utf8
set terminal svg size 900,1070 fixed enhanced font 'sans-serif,11' background rgb '#ffffff'
set output 'timeline.svg'
unset key
set border 3 lc rgb '#888888' lw 0.8
set tics nomirror scale 0.5 noenhanced textcolor rgb '#222222'
set grid xtics ytics lc rgb '#dddddd' lw 0.6 dt solid
set label 1 '{/:Bold Timeline of a repeat}' at screen 0.01778, screen 0.97944 left font 'sans-serif,16' tc rgb '#222222'
set label 2 'of each cell the repeat of median throughput; 6 of 12 cells: baseline, extremes, what is not steady' at screen 0.01778, screen 0.95888 left noenhanced font 'sans-serif,12' tc rgb '#666666'
set label 3 'run reference-write-combining · commit 089ed4d720 · SQLite 3.40.1 · median of 3 repeats · seed 42' at screen 0.01778, screen 0.03178 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 4 'AMD EPYC · 2 cores · ext4' at screen 0.01778, screen 0.01776 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 5 'c01  FULL, callers 1, writ…combining on' at screen 0.01778, screen 0.92150 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 6 'tasks per second' at screen 0.07778, screen 0.90093 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 7 'tasks in the queue' at screen 0.07778, screen 0.77570 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 8 'frames in the write-ahead log' at screen 0.07778, screen 0.65047 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 9 'c11  NORMAL, callers 16, w…combining on' at screen 0.33889, screen 0.92150 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 10 'tasks per second' at screen 0.39889, screen 0.90093 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 11 'tasks in the queue' at screen 0.39889, screen 0.77570 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 12 'frames in the write-ahead log' at screen 0.39889, screen 0.65047 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 13 'c06  FULL, callers 16, wri…ombining off' at screen 0.66000, screen 0.92150 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 14 'tasks per second' at screen 0.72000, screen 0.90093 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 15 'tasks in the queue' at screen 0.72000, screen 0.77570 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 16 'frames in the write-ahead log' at screen 0.72000, screen 0.65047 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 17 'c02  FULL, callers 1, writ…ombining off' at screen 0.01778, screen 0.51589 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 18 'tasks per second' at screen 0.07778, screen 0.49533 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 19 'tasks in the queue' at screen 0.07778, screen 0.37009 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 20 'frames in the write-ahead log' at screen 0.07778, screen 0.24486 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 21 'c03  FULL, callers 4, writ…combining on' at screen 0.33889, screen 0.51589 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 22 'tasks per second' at screen 0.39889, screen 0.49533 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 23 'tasks in the queue' at screen 0.39889, screen 0.37009 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 24 'frames in the write-ahead log' at screen 0.39889, screen 0.24486 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 25 'c04  FULL, callers 4, writ…ombining off' at screen 0.66000, screen 0.51589 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 26 'tasks per second' at screen 0.72000, screen 0.49533 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 27 'tasks in the queue' at screen 0.72000, screen 0.37009 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 28 'frames in the write-ahead log' at screen 0.72000, screen 0.24486 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 29 'across: seconds since the measurement began' at screen 0.01778, screen 0.12150 left noenhanced font 'sans-serif,11' tc rgb '#666666'
set label 30 '' at screen 0.01778, screen 0.11402 left noenhanced font 'sans-serif,11' tc rgb '#666666'
set arrow from screen 0.01778, screen 0.09533 to screen 0.05333, screen 0.09533 nohead dt solid lw 1.8 lc rgb '#56b4e9'
set label 32 'enqueued' at screen 0.06222, screen 0.09533 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set arrow from screen 0.01778, screen 0.07664 to screen 0.05333, screen 0.07664 nohead dt solid lw 1.82 lc rgb '#0072b2'
set label 34 'completed' at screen 0.06222, screen 0.07664 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set arrow from screen 0.25889, screen 0.09533 to screen 0.29444, screen 0.09533 nohead dt solid lw 1.8 lc rgb '#000000'
set label 36 'tasks in the queue' at screen 0.30333, screen 0.09533 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set arrow from screen 0.25889, screen 0.07664 to screen 0.29444, screen 0.07664 nohead dt solid lw 1.82 lc rgb '#009e73'
set label 38 'frames in the log' at screen 0.30333, screen 0.07664 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set arrow from screen 0.50000, screen 0.09533 to screen 0.53556, screen 0.09533 nohead dt solid lw 1.8 lc rgb '#666666'
set label 40 'of these copied back' at screen 0.54444, screen 0.09533 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set object 40 rectangle from screen 0.50889, screen 0.08224 to screen 0.52667, screen 0.07103 fs solid noborder fc rgb '#e69f00' front
set label 42 'checkpoint at work' at screen 0.54444, screen 0.07664 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set object 42 rectangle from screen 0.75000, screen 0.10093 to screen 0.76778, screen 0.08972 fs solid noborder fc rgb '#eef0f2' front
set label 44 'warm-up and drain' at screen 0.78556, screen 0.09533 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set multiplot
set lmargin at screen 0.07778
set rmargin at screen 0.32333
set tmargin at screen 0.88972
set bmargin at screen 0.81121
unset logscale
set xrange [-0.5:2.1]
set xtics ('0' 0.0, '1' 1.0, '2' 2.0)
set yrange [0:76722.8]
set ytics ('0' 0.0, '50,000' 50000.0)
set object 901 rectangle from -0.5,graph 0 to 0,graph 1 behind fs solid noborder fc rgb '#eef0f2'
set object 902 rectangle from 2,graph 0 to 2.1,graph 1 behind fs solid noborder fc rgb '#eef0f2'
plot 'timeline.dat' index 0 using 1:2 with lines lw 1.3 dt solid lc rgb '#56b4e9' notitle, \
  'timeline.dat' index 0 using 1:3 with lines lw 1.5 dt solid lc rgb '#0072b2' notitle
unset object
unset arrow
unset label 901
unset label
unset arrow
unset object
set lmargin at screen 0.07778
set rmargin at screen 0.32333
set tmargin at screen 0.76449
set bmargin at screen 0.68598
unset logscale
set xrange [-0.5:2.1]
set xtics ('0' 0.0, '1' 1.0, '2' 2.0)
set yrange [0:17018.3]
set ytics ('0' 0.0, '10,000' 10000.0)
set object 901 rectangle from -0.5,graph 0 to 0,graph 1 behind fs solid noborder fc rgb '#eef0f2'
set object 902 rectangle from 2,graph 0 to 2.1,graph 1 behind fs solid noborder fc rgb '#eef0f2'
plot 'timeline.dat' index 0 using 1:4 with lines lw 1.3 dt solid lc rgb '#000000' notitle
unset object
unset arrow
unset label 901
set lmargin at screen 0.07778
set rmargin at screen 0.32333
set tmargin at screen 0.63925
set bmargin at screen 0.56075
unset logscale
set xrange [-0.5:2.1]
set xtics ('0' 0.0, '1' 1.0, '2' 2.0)
set yrange [0:2061.7]
set ytics ('0' 0.0, '1,000' 1000.0, '2,000' 2000.0)
set object 901 rectangle from -0.5,graph 0 to 0,graph 1 behind fs solid noborder fc rgb '#eef0f2'
set object 902 rectangle from 2,graph 0 to 2.1,graph 1 behind fs solid noborder fc rgb '#eef0f2'
plot 'timeline.dat' index 0 using 1:($7*2061.7):(0.09) with boxes fs solid noborder lc rgb '#e69f00' notitle, \
  'timeline.dat' index 0 using 1:5 with lines lw 1.3 dt solid lc rgb '#009e73' notitle, \
  'timeline.dat' index 0 using 1:6 with lines lw 1.5 dt solid lc rgb '#666666' notitle
unset object
unset arrow
unset label 901
set lmargin at screen 0.39889
set rmargin at screen 0.64444
set tmargin at screen 0.88972
set bmargin at screen 0.81121
unset logscale
set xrange [-0.5:2.1]
set xtics ('0' 0.0, '1' 1.0, '2' 2.0)
set yrange [0:76722.8]
set ytics ('0' 0.0, '50,000' 50000.0)
set object 901 rectangle from -0.5,graph 0 to 0,graph 1 behind fs solid noborder fc rgb '#eef0f2'
set object 902 rectangle from 2,graph 0 to 2.1,graph 1 behind fs solid noborder fc rgb '#eef0f2'
plot 'timeline.dat' index 1 using 1:2 with lines lw 1.3 dt solid lc rgb '#56b4e9' notitle, \
  'timeline.dat' index 1 using 1:3 with lines lw 1.5 dt solid lc rgb '#0072b2' notitle
unset object
unset arrow
unset label 901
set lmargin at screen 0.39889
set rmargin at screen 0.64444
set tmargin at screen 0.76449
set bmargin at screen 0.68598
unset logscale
set xrange [-0.5:2.1]
set xtics ('0' 0.0, '1' 1.0, '2' 2.0)
set yrange [0:179273.56]
set ytics ('0' 0.0, '100,000' 100000.0)
set object 901 rectangle from -0.5,graph 0 to 0,graph 1 behind fs solid noborder fc rgb '#eef0f2'
set object 902 rectangle from 2,graph 0 to 2.1,graph 1 behind fs solid noborder fc rgb '#eef0f2'
plot 'timeline.dat' index 1 using 1:4 with lines lw 1.3 dt solid lc rgb '#000000' notitle
unset object
unset arrow
unset label 901
set lmargin at screen 0.39889
set rmargin at screen 0.64444
set tmargin at screen 0.63925
set bmargin at screen 0.56075
unset logscale
set xrange [-0.5:2.1]
set xtics ('0' 0.0, '1' 1.0, '2' 2.0)
set yrange [0:2888.5]
set ytics ('0' 0.0, '1,000' 1000.0, '2,000' 2000.0)
set object 901 rectangle from -0.5,graph 0 to 0,graph 1 behind fs solid noborder fc rgb '#eef0f2'
set object 902 rectangle from 2,graph 0 to 2.1,graph 1 behind fs solid noborder fc rgb '#eef0f2'
plot 'timeline.dat' index 1 using 1:($7*2888.5):(0.09) with boxes fs solid noborder lc rgb '#e69f00' notitle, \
  'timeline.dat' index 1 using 1:5 with lines lw 1.3 dt solid lc rgb '#009e73' notitle, \
  'timeline.dat' index 1 using 1:6 with lines lw 1.5 dt solid lc rgb '#666666' notitle
unset object
unset arrow
unset label 901
set lmargin at screen 0.72000
set rmargin at screen 0.96556
set tmargin at screen 0.88972
set bmargin at screen 0.81121
unset logscale
set xrange [-0.5:2.1]
set xtics ('0' 0.0, '1' 1.0, '2' 2.0)
set yrange [0:76722.8]
set ytics ('0' 0.0, '50,000' 50000.0)
set object 901 rectangle from -0.5,graph 0 to 0,graph 1 behind fs solid noborder fc rgb '#eef0f2'
set object 902 rectangle from 2,graph 0 to 2.1,graph 1 behind fs solid noborder fc rgb '#eef0f2'
plot 'timeline.dat' index 2 using 1:2 with lines lw 1.3 dt solid lc rgb '#56b4e9' notitle, \
  'timeline.dat' index 2 using 1:3 with lines lw 1.5 dt solid lc rgb '#0072b2' notitle
unset object
unset arrow
unset label 901
set lmargin at screen 0.72000
set rmargin at screen 0.96556
set tmargin at screen 0.76449
set bmargin at screen 0.68598
unset logscale
set xrange [-0.5:2.1]
set xtics ('0' 0.0, '1' 1.0, '2' 2.0)
set yrange [0:14112.84]
set ytics ('0' 0.0, '5,000' 5000.0, '10,000' 10000.0)
set object 901 rectangle from -0.5,graph 0 to 0,graph 1 behind fs solid noborder fc rgb '#eef0f2'
set object 902 rectangle from 2,graph 0 to 2.1,graph 1 behind fs solid noborder fc rgb '#eef0f2'
plot 'timeline.dat' index 2 using 1:4 with lines lw 1.3 dt solid lc rgb '#000000' notitle
unset object
unset arrow
unset label 901
set lmargin at screen 0.72000
set rmargin at screen 0.96556
set tmargin at screen 0.63925
set bmargin at screen 0.56075
unset logscale
set xrange [-0.5:2.1]
set xtics ('0' 0.0, '1' 1.0, '2' 2.0)
set yrange [0:2133.78]
set ytics ('0' 0.0, '1,000' 1000.0, '2,000' 2000.0)
set object 901 rectangle from -0.5,graph 0 to 0,graph 1 behind fs solid noborder fc rgb '#eef0f2'
set object 902 rectangle from 2,graph 0 to 2.1,graph 1 behind fs solid noborder fc rgb '#eef0f2'
plot 'timeline.dat' index 2 using 1:($7*2133.78):(0.09) with boxes fs solid noborder lc rgb '#e69f00' notitle, \
  'timeline.dat' index 2 using 1:5 with lines lw 1.3 dt solid lc rgb '#009e73' notitle, \
  'timeline.dat' index 2 using 1:6 with lines lw 1.5 dt solid lc rgb '#666666' notitle
unset object
unset arrow
unset label 901
set lmargin at screen 0.07778
set rmargin at screen 0.32333
set tmargin at screen 0.48411
set bmargin at screen 0.40561
unset logscale
set xrange [-0.5:2.1]
set xtics ('0' 0.0, '1' 1.0, '2' 2.0)
set yrange [0:76722.8]
set ytics ('0' 0.0, '50,000' 50000.0)
set object 901 rectangle from -0.5,graph 0 to 0,graph 1 behind fs solid noborder fc rgb '#eef0f2'
set object 902 rectangle from 2,graph 0 to 2.1,graph 1 behind fs solid noborder fc rgb '#eef0f2'
plot 'timeline.dat' index 3 using 1:2 with lines lw 1.3 dt solid lc rgb '#56b4e9' notitle, \
  'timeline.dat' index 3 using 1:3 with lines lw 1.5 dt solid lc rgb '#0072b2' notitle
unset object
unset arrow
unset label 901
set lmargin at screen 0.07778
set rmargin at screen 0.32333
set tmargin at screen 0.35888
set bmargin at screen 0.28037
unset logscale
set xrange [-0.5:2.1]
set xtics ('0' 0.0, '1' 1.0, '2' 2.0)
set yrange [0:17695.64]
set ytics ('0' 0.0, '10,000' 10000.0)
set object 901 rectangle from -0.5,graph 0 to 0,graph 1 behind fs solid noborder fc rgb '#eef0f2'
set object 902 rectangle from 2,graph 0 to 2.1,graph 1 behind fs solid noborder fc rgb '#eef0f2'
plot 'timeline.dat' index 3 using 1:4 with lines lw 1.3 dt solid lc rgb '#000000' notitle
unset object
unset arrow
unset label 901
set lmargin at screen 0.07778
set rmargin at screen 0.32333
set tmargin at screen 0.23364
set bmargin at screen 0.15514
unset logscale
set xrange [-0.5:2.1]
set xtics ('0' 0.0, '1' 1.0, '2' 2.0)
set yrange [0:2014]
set ytics ('0' 0.0, '1,000' 1000.0, '2,000' 2000.0)
set object 901 rectangle from -0.5,graph 0 to 0,graph 1 behind fs solid noborder fc rgb '#eef0f2'
set object 902 rectangle from 2,graph 0 to 2.1,graph 1 behind fs solid noborder fc rgb '#eef0f2'
plot 'timeline.dat' index 3 using 1:($7*2014):(0.09) with boxes fs solid noborder lc rgb '#e69f00' notitle, \
  'timeline.dat' index 3 using 1:5 with lines lw 1.3 dt solid lc rgb '#009e73' notitle, \
  'timeline.dat' index 3 using 1:6 with lines lw 1.5 dt solid lc rgb '#666666' notitle
unset object
unset arrow
unset label 901
set lmargin at screen 0.39889
set rmargin at screen 0.64444
set tmargin at screen 0.48411
set bmargin at screen 0.40561
unset logscale
set xrange [-0.5:2.1]
set xtics ('0' 0.0, '1' 1.0, '2' 2.0)
set yrange [0:76722.8]
set ytics ('0' 0.0, '50,000' 50000.0)
set object 901 rectangle from -0.5,graph 0 to 0,graph 1 behind fs solid noborder fc rgb '#eef0f2'
set object 902 rectangle from 2,graph 0 to 2.1,graph 1 behind fs solid noborder fc rgb '#eef0f2'
plot 'timeline.dat' index 4 using 1:2 with lines lw 1.3 dt solid lc rgb '#56b4e9' notitle, \
  'timeline.dat' index 4 using 1:3 with lines lw 1.5 dt solid lc rgb '#0072b2' notitle
unset object
unset arrow
unset label 901
set lmargin at screen 0.39889
set rmargin at screen 0.64444
set tmargin at screen 0.35888
set bmargin at screen 0.28037
unset logscale
set xrange [-0.5:2.1]
set xtics ('0' 0.0, '1' 1.0, '2' 2.0)
set yrange [0:29699.08]
set ytics ('0' 0.0, '10,000' 10000.0, '20,000' 20000.0)
set object 901 rectangle from -0.5,graph 0 to 0,graph 1 behind fs solid noborder fc rgb '#eef0f2'
set object 902 rectangle from 2,graph 0 to 2.1,graph 1 behind fs solid noborder fc rgb '#eef0f2'
plot 'timeline.dat' index 4 using 1:4 with lines lw 1.3 dt solid lc rgb '#000000' notitle
unset object
unset arrow
unset label 901
set lmargin at screen 0.39889
set rmargin at screen 0.64444
set tmargin at screen 0.23364
set bmargin at screen 0.15514
unset logscale
set xrange [-0.5:2.1]
set xtics ('0' 0.0, '1' 1.0, '2' 2.0)
set yrange [0:2128.48]
set ytics ('0' 0.0, '1,000' 1000.0, '2,000' 2000.0)
set object 901 rectangle from -0.5,graph 0 to 0,graph 1 behind fs solid noborder fc rgb '#eef0f2'
set object 902 rectangle from 2,graph 0 to 2.1,graph 1 behind fs solid noborder fc rgb '#eef0f2'
plot 'timeline.dat' index 4 using 1:($7*2128.48):(0.09) with boxes fs solid noborder lc rgb '#e69f00' notitle, \
  'timeline.dat' index 4 using 1:5 with lines lw 1.3 dt solid lc rgb '#009e73' notitle, \
  'timeline.dat' index 4 using 1:6 with lines lw 1.5 dt solid lc rgb '#666666' notitle
unset object
unset arrow
unset label 901
set lmargin at screen 0.72000
set rmargin at screen 0.96556
set tmargin at screen 0.48411
set bmargin at screen 0.40561
unset logscale
set xrange [-0.5:2.1]
set xtics ('0' 0.0, '1' 1.0, '2' 2.0)
set yrange [0:76722.8]
set ytics ('0' 0.0, '50,000' 50000.0)
set object 901 rectangle from -0.5,graph 0 to 0,graph 1 behind fs solid noborder fc rgb '#eef0f2'
set object 902 rectangle from 2,graph 0 to 2.1,graph 1 behind fs solid noborder fc rgb '#eef0f2'
plot 'timeline.dat' index 5 using 1:2 with lines lw 1.3 dt solid lc rgb '#56b4e9' notitle, \
  'timeline.dat' index 5 using 1:3 with lines lw 1.5 dt solid lc rgb '#0072b2' notitle
unset object
unset arrow
unset label 901
set lmargin at screen 0.72000
set rmargin at screen 0.96556
set tmargin at screen 0.35888
set bmargin at screen 0.28037
unset logscale
set xrange [-0.5:2.1]
set xtics ('0' 0.0, '1' 1.0, '2' 2.0)
set yrange [0:14977.8]
set ytics ('0' 0.0, '5,000' 5000.0, '10,000' 10000.0)
set object 901 rectangle from -0.5,graph 0 to 0,graph 1 behind fs solid noborder fc rgb '#eef0f2'
set object 902 rectangle from 2,graph 0 to 2.1,graph 1 behind fs solid noborder fc rgb '#eef0f2'
plot 'timeline.dat' index 5 using 1:4 with lines lw 1.3 dt solid lc rgb '#000000' notitle
unset object
unset arrow
unset label 901
set lmargin at screen 0.72000
set rmargin at screen 0.96556
set tmargin at screen 0.23364
set bmargin at screen 0.15514
unset logscale
set xrange [-0.5:2.1]
set xtics ('0' 0.0, '1' 1.0, '2' 2.0)
set yrange [0:2122.12]
set ytics ('0' 0.0, '1,000' 1000.0, '2,000' 2000.0)
set object 901 rectangle from -0.5,graph 0 to 0,graph 1 behind fs solid noborder fc rgb '#eef0f2'
set object 902 rectangle from 2,graph 0 to 2.1,graph 1 behind fs solid noborder fc rgb '#eef0f2'
plot 'timeline.dat' index 5 using 1:($7*2122.12):(0.09) with boxes fs solid noborder lc rgb '#e69f00' notitle, \
  'timeline.dat' index 5 using 1:5 with lines lw 1.3 dt solid lc rgb '#009e73' notitle, \
  'timeline.dat' index 5 using 1:6 with lines lw 1.5 dt solid lc rgb '#666666' notitle
unset object
unset arrow
unset label 901
unset multiplot
unset output
