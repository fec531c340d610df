# Run `gnuplot timeline.gp` in this directory to draw the picture again.
set encoding utf8
set terminal svg size 900,1358 fixed enhanced font 'sans-serif,11' background rgb '#ffffff'
set output 'timeline.svg'
unset key
set border 3 lc rgb '#888888' lw 0.8
set tics nomirror scale 0.5 noenhanced textcolor rgb '#222222'
set grid xtics ytics lc rgb '#dddddd' lw 0.6 dt solid
set label 1 '{/:Bold Timeline of a repeat}' at screen 0.01778, screen 0.98380 left font 'sans-serif,16' tc rgb '#222222'
set label 2 'of each cell the repeat of median throughput; 6 of 10 cells: baseline, extremes, what is not steady' at screen 0.01778, screen 0.96760 left noenhanced font 'sans-serif,12' tc rgb '#666666'
set label 3 'run reference-faults · commit 2c0c364a10 · SQLite 3.40.1 · PRAGMAs ead9584bafe5 · median of 3 repeats · seed 17' at screen 0.01778, screen 0.02504 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 4 'AMD EPYC · 2 cores · ext4' at screen 0.01778, screen 0.01399 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 5 'c01  none' at screen 0.01778, screen 0.93814 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 6 'tasks per second' at screen 0.07778, screen 0.92194 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 7 'claim latency per window' at screen 0.07778, screen 0.82327 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 8 'tasks in the queue' at screen 0.07778, screen 0.72459 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 9 'frames in the write-ahead log' at screen 0.07778, screen 0.62592 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 10 'c02  kill(every=100ms)' at screen 0.33889, screen 0.93814 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 11 'tasks per second' at screen 0.39889, screen 0.92194 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 12 'claim latency per window' at screen 0.39889, screen 0.82327 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 13 'tasks in the queue' at screen 0.39889, screen 0.72459 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 14 'frames in the write-ahead log' at screen 0.39889, screen 0.62592 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 15 'c07  io_error' at screen 0.66000, screen 0.93814 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 16 'tasks per second' at screen 0.72000, screen 0.92194 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 17 'claim latency per window' at screen 0.72000, screen 0.82327 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 18 'tasks in the queue' at screen 0.72000, screen 0.72459 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 19 'frames in the write-ahead log' at screen 0.72000, screen 0.62592 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 20 'c08  clock' at screen 0.01778, screen 0.51988 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 21 'tasks per second' at screen 0.07778, screen 0.50368 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 22 'claim latency per window' at screen 0.07778, screen 0.40501 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 23 'tasks in the queue' at screen 0.07778, screen 0.30633 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 24 'frames in the write-ahead log' at screen 0.07778, screen 0.20766 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 25 'c03  stop(every=1s for=800ms)' at screen 0.33889, screen 0.51988 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 26 'tasks per second' at screen 0.39889, screen 0.50368 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 27 'claim latency per window' at screen 0.39889, screen 0.40501 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 28 'tasks in the queue' at screen 0.39889, screen 0.30633 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 29 'frames in the write-ahead log' at screen 0.39889, screen 0.20766 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 30 'c06  disk_full' at screen 0.66000, screen 0.51988 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 31 'tasks per second' at screen 0.72000, screen 0.50368 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 32 'claim latency per window' at screen 0.72000, screen 0.40501 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 33 'tasks in the queue' at screen 0.72000, screen 0.30633 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 34 'frames in the write-ahead log' at screen 0.72000, screen 0.20766 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 35 'across: seconds since the measurement began' at screen 0.01778, screen 0.11046 left noenhanced font 'sans-serif,11' tc rgb '#666666'
set label 36 '' at screen 0.01778, screen 0.10457 left noenhanced font 'sans-serif,11' tc rgb '#666666'
set arrow from screen 0.01778, screen 0.08984 to screen 0.05333, screen 0.08984 nohead dt solid lw 1.8 lc rgb '#56b4e9'
set label 38 'enqueued' at screen 0.06222, screen 0.08984 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set arrow from screen 0.01778, screen 0.07511 to screen 0.05333, screen 0.07511 nohead dt solid lw 1.82 lc rgb '#0072b2'
set label 40 'completed' at screen 0.06222, screen 0.07511 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set arrow from screen 0.01778, screen 0.06038 to screen 0.05333, screen 0.06038 nohead dt solid lw 1.8 lc rgb '#cc79a7'
set label 42 'claim p50' at screen 0.06222, screen 0.06038 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set arrow from screen 0.25889, screen 0.08984 to screen 0.29444, screen 0.08984 nohead dt solid lw 1.82 lc rgb '#d55e00'
set label 44 'claim max' at screen 0.30333, screen 0.08984 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set arrow from screen 0.25889, screen 0.07511 to screen 0.29444, screen 0.07511 nohead dt solid lw 1.8 lc rgb '#000000'
set label 46 'tasks in the queue' at screen 0.30333, screen 0.07511 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set arrow from screen 0.25889, screen 0.06038 to screen 0.29444, screen 0.06038 nohead dt solid lw 1.82 lc rgb '#009e73'
set label 48 'frames in the log' at screen 0.30333, screen 0.06038 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set arrow from screen 0.50000, screen 0.08984 to screen 0.53556, screen 0.08984 nohead dt solid lw 1.8 lc rgb '#666666'
set label 50 'of these copied back' at screen 0.54444, screen 0.08984 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set object 50 rectangle from screen 0.50889, screen 0.07953 to screen 0.52667, screen 0.07069 fs solid noborder fc rgb '#e69f00' front
set label 52 'checkpoint at work' at screen 0.54444, screen 0.07511 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set object 52 rectangle from screen 0.50889, screen 0.06480 to screen 0.52667, screen 0.05596 fs solid noborder fc rgb '#eef0f2' front
set label 54 'warm-up and drain' at screen 0.54444, screen 0.06038 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set multiplot
set lmargin at screen 0.07778
set rmargin at screen 0.32333
set tmargin at screen 0.91311
set bmargin at screen 0.85125
unset logscale
set xrange [-0.2:5]
set xtics ('0' 0.0, '2' 2.0, '4' 4.0)
set yrange [0:1038.8]
set ytics ('0' 0.0, '500' 500.0, '1,000' 1000.0)
set object 901 rectangle from -0.2,graph 0 to 0,graph 1 behind fs solid noborder fc rgb '#eef0f2'
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
set tmargin at screen 0.81443
set bmargin at screen 0.75258
unset logscale; set logscale y
set xrange [-0.2:5]
set xtics ('0' 0.0, '2' 2.0, '4' 4.0)
set yrange [20:10000]
set ytics ('100 µs' 100.0, '1 ms' 1000.0, '10 ms' 10000.0, '' 20.0 1, '' 50.0 1, '' 200.0 1, '' 500.0 1, '' 2000.0 1, '' 5000.0 1)
set object 901 rectangle from -0.2,graph 0 to 0,graph 1 behind fs solid noborder fc rgb '#eef0f2'
plot 'timeline.dat' index 0 using 1:4 with lines lw 1.3 dt solid lc rgb '#cc79a7' notitle, \
  'timeline.dat' index 0 using 1:5 with lines lw 1.5 dt solid lc rgb '#d55e00' notitle
unset object
unset arrow
unset label 901
set lmargin at screen 0.07778
set rmargin at screen 0.32333
set tmargin at screen 0.71576
set bmargin at screen 0.65390
unset logscale
set xrange [-0.2:5]
set xtics ('0' 0.0, '2' 2.0, '4' 4.0)
set yrange [0:1]
set ytics ('0' 0.0, '1' 1.0)
set object 901 rectangle from -0.2,graph 0 to 0,graph 1 behind fs solid noborder fc rgb '#eef0f2'
plot 'timeline.dat' index 0 using 1:6 with lines lw 1.3 dt solid lc rgb '#000000' notitle
unset object
unset arrow
unset label 901
set lmargin at screen 0.07778
set rmargin at screen 0.32333
set tmargin at screen 0.61708
set bmargin at screen 0.55523
unset logscale
set xrange [-0.2:5]
set xtics ('0' 0.0, '2' 2.0, '4' 4.0)
set yrange [0:2093.5]
set ytics ('0' 0.0, '1,000' 1000.0, '2,000' 2000.0)
set object 901 rectangle from -0.2,graph 0 to 0,graph 1 behind fs solid noborder fc rgb '#eef0f2'
plot 'timeline.dat' index 0 using 1:($9*2093.5):(0.09) with boxes fs solid noborder lc rgb '#e69f00' notitle, \
  'timeline.dat' index 0 using 1:7 with lines lw 1.3 dt solid lc rgb '#009e73' notitle, \
  'timeline.dat' index 0 using 1:8 with lines lw 1.5 dt solid lc rgb '#666666' notitle
unset object
unset arrow
unset label 901
set lmargin at screen 0.39889
set rmargin at screen 0.64444
set tmargin at screen 0.91311
set bmargin at screen 0.85125
unset logscale
set xrange [-0.2:5]
set xtics ('0' 0.0, '2' 2.0, '4' 4.0)
set yrange [0:1038.8]
set ytics ('0' 0.0, '500' 500.0, '1,000' 1000.0)
set object 901 rectangle from -0.2,graph 0 to 0,graph 1 behind fs solid noborder fc rgb '#eef0f2'
plot 'timeline.dat' index 1 using 1:2 with lines lw 1.3 dt solid lc rgb '#56b4e9' notitle, \
  'timeline.dat' index 1 using 1:3 with lines lw 1.5 dt solid lc rgb '#0072b2' notitle
unset object
unset arrow
unset label 901
set lmargin at screen 0.39889
set rmargin at screen 0.64444
set tmargin at screen 0.81443
set bmargin at screen 0.75258
unset logscale; set logscale y
set xrange [-0.2:5]
set xtics ('0' 0.0, '2' 2.0, '4' 4.0)
set yrange [20:10000]
set ytics ('100 µs' 100.0, '1 ms' 1000.0, '10 ms' 10000.0, '' 20.0 1, '' 50.0 1, '' 200.0 1, '' 500.0 1, '' 2000.0 1, '' 5000.0 1)
set object 901 rectangle from -0.2,graph 0 to 0,graph 1 behind fs solid noborder fc rgb '#eef0f2'
plot 'timeline.dat' index 1 using 1:4 with lines lw 1.3 dt solid lc rgb '#cc79a7' notitle, \
  'timeline.dat' index 1 using 1:5 with lines lw 1.5 dt solid lc rgb '#d55e00' notitle
unset object
unset arrow
unset label 901
set lmargin at screen 0.39889
set rmargin at screen 0.64444
set tmargin at screen 0.71576
set bmargin at screen 0.65390
unset logscale
set xrange [-0.2:5]
set xtics ('0' 0.0, '2' 2.0, '4' 4.0)
set yrange [0:1.06]
set ytics ('0' 0.0, '0.5' 0.5, '1' 1.0)
set object 901 rectangle from -0.2,graph 0 to 0,graph 1 behind fs solid noborder fc rgb '#eef0f2'
plot 'timeline.dat' index 1 using 1:6 with lines lw 1.3 dt solid lc rgb '#000000' notitle
unset object
unset arrow
unset label 901
set lmargin at screen 0.39889
set rmargin at screen 0.64444
set tmargin at screen 0.61708
set bmargin at screen 0.55523
unset logscale
set xrange [-0.2:5]
set xtics ('0' 0.0, '2' 2.0, '4' 4.0)
set yrange [0:2101.98]
set ytics ('0' 0.0, '1,000' 1000.0, '2,000' 2000.0)
set object 901 rectangle from -0.2,graph 0 to 0,graph 1 behind fs solid noborder fc rgb '#eef0f2'
plot 'timeline.dat' index 1 using 1:($9*2101.98):(0.09) with boxes fs solid noborder lc rgb '#e69f00' notitle, \
  'timeline.dat' index 1 using 1:7 with lines lw 1.3 dt solid lc rgb '#009e73' notitle, \
  'timeline.dat' index 1 using 1:8 with lines lw 1.5 dt solid lc rgb '#666666' notitle
unset object
unset arrow
unset label 901
set lmargin at screen 0.72000
set rmargin at screen 0.96556
set tmargin at screen 0.91311
set bmargin at screen 0.85125
unset logscale
set xrange [-0.2:5]
set xtics ('0' 0.0, '2' 2.0, '4' 4.0)
set yrange [0:1038.8]
set ytics ('0' 0.0, '500' 500.0, '1,000' 1000.0)
set object 901 rectangle from -0.2,graph 0 to 0,graph 1 behind fs solid noborder fc rgb '#eef0f2'
plot 'timeline.dat' index 2 using 1:2 with lines lw 1.3 dt solid lc rgb '#56b4e9' notitle, \
  'timeline.dat' index 2 using 1:3 with lines lw 1.5 dt solid lc rgb '#0072b2' notitle
unset object
unset arrow
unset label 901
set lmargin at screen 0.72000
set rmargin at screen 0.96556
set tmargin at screen 0.81443
set bmargin at screen 0.75258
unset logscale; set logscale y
set xrange [-0.2:5]
set xtics ('0' 0.0, '2' 2.0, '4' 4.0)
set yrange [20:10000]
set ytics ('100 µs' 100.0, '1 ms' 1000.0, '10 ms' 10000.0, '' 20.0 1, '' 50.0 1, '' 200.0 1, '' 500.0 1, '' 2000.0 1, '' 5000.0 1)
set object 901 rectangle from -0.2,graph 0 to 0,graph 1 behind fs solid noborder fc rgb '#eef0f2'
plot 'timeline.dat' index 2 using 1:4 with lines lw 1.3 dt solid lc rgb '#cc79a7' notitle, \
  'timeline.dat' index 2 using 1:5 with lines lw 1.5 dt solid lc rgb '#d55e00' notitle
unset object
unset arrow
unset label 901
set lmargin at screen 0.72000
set rmargin at screen 0.96556
set tmargin at screen 0.71576
set bmargin at screen 0.65390
unset logscale
set xrange [-0.2:5]
set xtics ('0' 0.0, '2' 2.0, '4' 4.0)
set yrange [0:3.18]
set ytics ('0' 0.0, '2' 2.0)
set object 901 rectangle from -0.2,graph 0 to 0,graph 1 behind fs solid noborder fc rgb '#eef0f2'
plot 'timeline.dat' index 2 using 1:6 with lines lw 1.3 dt solid lc rgb '#000000' notitle
unset object
unset arrow
unset label 901
set lmargin at screen 0.72000
set rmargin at screen 0.96556
set tmargin at screen 0.61708
set bmargin at screen 0.55523
unset logscale
set xrange [-0.2:5]
set xtics ('0' 0.0, '2' 2.0, '4' 4.0)
set yrange [0:2098.8]
set ytics ('0' 0.0, '1,000' 1000.0, '2,000' 2000.0)
set object 901 rectangle from -0.2,graph 0 to 0,graph 1 behind fs solid noborder fc rgb '#eef0f2'
plot 'timeline.dat' index 2 using 1:($9*2098.8):(0.09) with boxes fs solid noborder lc rgb '#e69f00' notitle, \
  'timeline.dat' index 2 using 1:7 with lines lw 1.3 dt solid lc rgb '#009e73' notitle, \
  'timeline.dat' index 2 using 1:8 with lines lw 1.5 dt solid lc rgb '#666666' notitle
unset object
unset arrow
unset label 901
set lmargin at screen 0.07778
set rmargin at screen 0.32333
set tmargin at screen 0.49485
set bmargin at screen 0.43299
unset logscale
set xrange [-0.2:5]
set xtics ('0' 0.0, '2' 2.0, '4' 4.0)
set yrange [0:1038.8]
set ytics ('0' 0.0, '500' 500.0, '1,000' 1000.0)
set object 901 rectangle from -0.2,graph 0 to 0,graph 1 behind fs solid noborder fc rgb '#eef0f2'
plot 'timeline.dat' index 3 using 1:2 with lines lw 1.3 dt solid lc rgb '#56b4e9' notitle, \
  'timeline.dat' index 3 using 1:3 with lines lw 1.5 dt solid lc rgb '#0072b2' notitle
unset object
unset arrow
unset label 901
set lmargin at screen 0.07778
set rmargin at screen 0.32333
set tmargin at screen 0.39617
set bmargin at screen 0.33432
unset logscale; set logscale y
set xrange [-0.2:5]
set xtics ('0' 0.0, '2' 2.0, '4' 4.0)
set yrange [20:10000]
set ytics ('100 µs' 100.0, '1 ms' 1000.0, '10 ms' 10000.0, '' 20.0 1, '' 50.0 1, '' 200.0 1, '' 500.0 1, '' 2000.0 1, '' 5000.0 1)
set object 901 rectangle from -0.2,graph 0 to 0,graph 1 behind fs solid noborder fc rgb '#eef0f2'
plot 'timeline.dat' index 3 using 1:4 with lines lw 1.3 dt solid lc rgb '#cc79a7' notitle, \
  'timeline.dat' index 3 using 1:5 with lines lw 1.5 dt solid lc rgb '#d55e00' notitle
unset object
unset arrow
unset label 901
set lmargin at screen 0.07778
set rmargin at screen 0.32333
set tmargin at screen 0.29750
set bmargin at screen 0.23564
unset logscale
set xrange [-0.2:5]
set xtics ('0' 0.0, '2' 2.0, '4' 4.0)
set yrange [0:1]
set ytics ('0' 0.0, '1' 1.0)
set object 901 rectangle from -0.2,graph 0 to 0,graph 1 behind fs solid noborder fc rgb '#eef0f2'
plot 'timeline.dat' index 3 using 1:6 with lines lw 1.3 dt solid lc rgb '#000000' notitle
unset object
unset arrow
unset label 901
set lmargin at screen 0.07778
set rmargin at screen 0.32333
set tmargin at screen 0.19882
set bmargin at screen 0.13697
unset logscale
set xrange [-0.2:5]
set xtics ('0' 0.0, '2' 2.0, '4' 4.0)
set yrange [0:2093.5]
set ytics ('0' 0.0, '1,000' 1000.0, '2,000' 2000.0)
set object 901 rectangle from -0.2,graph 0 to 0,graph 1 behind fs solid noborder fc rgb '#eef0f2'
plot 'timeline.dat' index 3 using 1:($9*2093.5):(0.09) with boxes fs solid noborder lc rgb '#e69f00' notitle, \
  'timeline.dat' index 3 using 1:7 with lines lw 1.3 dt solid lc rgb '#009e73' notitle, \
  'timeline.dat' index 3 using 1:8 with lines lw 1.5 dt solid lc rgb '#666666' notitle
unset object
unset arrow
unset label 901
set lmargin at screen 0.39889
set rmargin at screen 0.64444
set tmargin at screen 0.49485
set bmargin at screen 0.43299
unset logscale
set xrange [-0.2:5]
set xtics ('0' 0.0, '2' 2.0, '4' 4.0)
set yrange [0:1038.8]
set ytics ('0' 0.0, '500' 500.0, '1,000' 1000.0)
set object 901 rectangle from -0.2,graph 0 to 0,graph 1 behind fs solid noborder fc rgb '#eef0f2'
plot 'timeline.dat' index 4 using 1:2 with lines lw 1.3 dt solid lc rgb '#56b4e9' notitle, \
  'timeline.dat' index 4 using 1:3 with lines lw 1.5 dt solid lc rgb '#0072b2' notitle
unset object
unset arrow
unset label 901
set lmargin at screen 0.39889
set rmargin at screen 0.64444
set tmargin at screen 0.39617
set bmargin at screen 0.33432
unset logscale; set logscale y
set xrange [-0.2:5]
set xtics ('0' 0.0, '2' 2.0, '4' 4.0)
set yrange [20:10000]
set ytics ('100 µs' 100.0, '1 ms' 1000.0, '10 ms' 10000.0, '' 20.0 1, '' 50.0 1, '' 200.0 1, '' 500.0 1, '' 2000.0 1, '' 5000.0 1)
set object 901 rectangle from -0.2,graph 0 to 0,graph 1 behind fs solid noborder fc rgb '#eef0f2'
plot 'timeline.dat' index 4 using 1:4 with lines lw 1.3 dt solid lc rgb '#cc79a7' notitle, \
  'timeline.dat' index 4 using 1:5 with lines lw 1.5 dt solid lc rgb '#d55e00' notitle
unset object
unset arrow
unset label 901
set lmargin at screen 0.39889
set rmargin at screen 0.64444
set tmargin at screen 0.29750
set bmargin at screen 0.23564
unset logscale
set xrange [-0.2:5]
set xtics ('0' 0.0, '2' 2.0, '4' 4.0)
set yrange [0:9.54]
set ytics ('0' 0.0, '5' 5.0)
set object 901 rectangle from -0.2,graph 0 to 0,graph 1 behind fs solid noborder fc rgb '#eef0f2'
plot 'timeline.dat' index 4 using 1:6 with lines lw 1.3 dt solid lc rgb '#000000' notitle
unset object
unset arrow
unset label 901
set lmargin at screen 0.39889
set rmargin at screen 0.64444
set tmargin at screen 0.19882
set bmargin at screen 0.13697
unset logscale
set xrange [-0.2:5]
set xtics ('0' 0.0, '2' 2.0, '4' 4.0)
set yrange [0:2118.94]
set ytics ('0' 0.0, '1,000' 1000.0, '2,000' 2000.0)
set object 901 rectangle from -0.2,graph 0 to 0,graph 1 behind fs solid noborder fc rgb '#eef0f2'
plot 'timeline.dat' index 4 using 1:($9*2118.94):(0.09) with boxes fs solid noborder lc rgb '#e69f00' notitle, \
  'timeline.dat' index 4 using 1:7 with lines lw 1.3 dt solid lc rgb '#009e73' notitle, \
  'timeline.dat' index 4 using 1:8 with lines lw 1.5 dt solid lc rgb '#666666' notitle
unset object
unset arrow
unset label 901
set lmargin at screen 0.72000
set rmargin at screen 0.96556
set tmargin at screen 0.49485
set bmargin at screen 0.43299
unset logscale
set xrange [-0.2:5]
set xtics ('0' 0.0, '2' 2.0, '4' 4.0)
set yrange [0:1038.8]
set ytics ('0' 0.0, '500' 500.0, '1,000' 1000.0)
set object 901 rectangle from -0.2,graph 0 to 0,graph 1 behind fs solid noborder fc rgb '#eef0f2'
plot 'timeline.dat' index 5 using 1:2 with lines lw 1.3 dt solid lc rgb '#56b4e9' notitle, \
  'timeline.dat' index 5 using 1:3 with lines lw 1.5 dt solid lc rgb '#0072b2' notitle
unset object
unset arrow
unset label 901
set lmargin at screen 0.72000
set rmargin at screen 0.96556
set tmargin at screen 0.39617
set bmargin at screen 0.33432
unset logscale; set logscale y
set xrange [-0.2:5]
set xtics ('0' 0.0, '2' 2.0, '4' 4.0)
set yrange [20:10000]
set ytics ('100 µs' 100.0, '1 ms' 1000.0, '10 ms' 10000.0, '' 20.0 1, '' 50.0 1, '' 200.0 1, '' 500.0 1, '' 2000.0 1, '' 5000.0 1)
set object 901 rectangle from -0.2,graph 0 to 0,graph 1 behind fs solid noborder fc rgb '#eef0f2'
plot 'timeline.dat' index 5 using 1:4 with lines lw 1.3 dt solid lc rgb '#cc79a7' notitle, \
  'timeline.dat' index 5 using 1:5 with lines lw 1.5 dt solid lc rgb '#d55e00' notitle
unset object
unset arrow
unset label 901
set lmargin at screen 0.72000
set rmargin at screen 0.96556
set tmargin at screen 0.29750
set bmargin at screen 0.23564
unset logscale
set xrange [-0.2:5]
set xtics ('0' 0.0, '2' 2.0, '4' 4.0)
set yrange [0:1.06]
set ytics ('0' 0.0, '0.5' 0.5, '1' 1.0)
set object 901 rectangle from -0.2,graph 0 to 0,graph 1 behind fs solid noborder fc rgb '#eef0f2'
plot 'timeline.dat' index 5 using 1:6 with lines lw 1.3 dt solid lc rgb '#000000' notitle
unset object
unset arrow
unset label 901
set lmargin at screen 0.72000
set rmargin at screen 0.96556
set tmargin at screen 0.19882
set bmargin at screen 0.13697
unset logscale
set xrange [-0.2:5]
set xtics ('0' 0.0, '2' 2.0, '4' 4.0)
set yrange [0:2116.82]
set ytics ('0' 0.0, '1,000' 1000.0, '2,000' 2000.0)
set object 901 rectangle from -0.2,graph 0 to 0,graph 1 behind fs solid noborder fc rgb '#eef0f2'
plot 'timeline.dat' index 5 using 1:($9*2116.82):(0.09) with boxes fs solid noborder lc rgb '#e69f00' notitle, \
  'timeline.dat' index 5 using 1:7 with lines lw 1.3 dt solid lc rgb '#009e73' notitle, \
  'timeline.dat' index 5 using 1:8 with lines lw 1.5 dt solid lc rgb '#666666' notitle
unset object
unset arrow
unset label 901
unset multiplot
unset output
