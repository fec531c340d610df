# Run `gnuplot timeline.gp` in this directory to draw the picture again.
set encoding utf8
set terminal svg size 900,790 fixed enhanced font 'sans-serif,11' background rgb '#ffffff'
set output 'timeline.svg'
unset key
set border 3 lc rgb '#888888' lw 0.8
set tics nomirror scale 0.5 noenhanced textcolor rgb '#222222'
set grid xtics ytics lc rgb '#dddddd' lw 0.6 dt solid
set label 1 '{/:Bold Timeline of a repeat}' at screen 0.01778, screen 0.97215 left font 'sans-serif,16' tc rgb '#222222'
set label 2 'of each cell the repeat of median throughput' at screen 0.01778, screen 0.94430 left noenhanced font 'sans-serif,12' tc rgb '#666666'
set label 3 'run reference-operations · commit 0c03dab2c6 · SQLite 3.40.1 · PRAGMAs 62c2dceee780 · median of 3 repeats · seed 500' at screen 0.01778, screen 0.04304 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 4 'AMD EPYC · 2 cores · ext4' at screen 0.01778, screen 0.02405 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 5 'c01  none' at screen 0.01778, screen 0.89367 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 6 'tasks per second' at screen 0.07778, screen 0.86582 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 7 'claim latency per window' at screen 0.07778, screen 0.69620 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 8 'tasks in the queue' at screen 0.07778, screen 0.52658 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 9 'frames in the write-ahead log' at screen 0.07778, screen 0.35696 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 10 'c02  command(run=taskqueue…y=60s at=1s)' at screen 0.33889, screen 0.89367 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 11 'tasks per second' at screen 0.39889, screen 0.86582 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 12 'claim latency per window' at screen 0.39889, screen 0.69620 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 13 'tasks in the queue' at screen 0.39889, screen 0.52658 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 14 'frames in the write-ahead log' at screen 0.39889, screen 0.35696 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 15 'c03  command(run=taskqueue…y=60s at=1s)' at screen 0.66000, screen 0.89367 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 16 'tasks per second' at screen 0.72000, screen 0.86582 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 17 'claim latency per window' at screen 0.72000, screen 0.69620 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 18 'tasks in the queue' at screen 0.72000, screen 0.52658 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 19 'frames in the write-ahead log' at screen 0.72000, screen 0.35696 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 20 'across: seconds since the measurement began' at screen 0.01778, screen 0.18987 left noenhanced font 'sans-serif,11' tc rgb '#666666'
set label 21 '' at screen 0.01778, screen 0.17975 left noenhanced font 'sans-serif,11' tc rgb '#666666'
set arrow from screen 0.01778, screen 0.15443 to screen 0.05333, screen 0.15443 nohead dt solid lw 1.8 lc rgb '#56b4e9'
set label 23 'enqueued' at screen 0.06222, screen 0.15443 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set arrow from screen 0.01778, screen 0.12911 to screen 0.05333, screen 0.12911 nohead dt solid lw 1.82 lc rgb '#0072b2'
set label 25 'completed' at screen 0.06222, screen 0.12911 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set arrow from screen 0.01778, screen 0.10380 to screen 0.05333, screen 0.10380 nohead dt solid lw 1.8 lc rgb '#cc79a7'
set label 27 'claim p50' at screen 0.06222, screen 0.10380 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set arrow from screen 0.25889, screen 0.15443 to screen 0.29444, screen 0.15443 nohead dt solid lw 1.82 lc rgb '#d55e00'
set label 29 'claim p95' at screen 0.30333, screen 0.15443 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set arrow from screen 0.25889, screen 0.12911 to screen 0.29444, screen 0.12911 nohead dt solid lw 1.8 lc rgb '#000000'
set label 31 'tasks in the queue' at screen 0.30333, screen 0.12911 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set arrow from screen 0.25889, screen 0.10380 to screen 0.29444, screen 0.10380 nohead dt solid lw 1.82 lc rgb '#009e73'
set label 33 'frames in the log' at screen 0.30333, screen 0.10380 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set arrow from screen 0.50000, screen 0.15443 to screen 0.53556, screen 0.15443 nohead dt solid lw 1.8 lc rgb '#666666'
set label 35 'of these copied back' at screen 0.54444, screen 0.15443 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set object 35 rectangle from screen 0.50889, screen 0.13671 to screen 0.52667, screen 0.12152 fs solid noborder fc rgb '#e69f00' front
set label 37 'checkpoint at work' at screen 0.54444, screen 0.12911 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set object 37 rectangle from screen 0.50889, screen 0.11139 to screen 0.52667, screen 0.09620 fs solid noborder fc rgb '#eef0f2' front
set label 39 'warm-up and drain' at screen 0.54444, screen 0.10380 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set multiplot
set lmargin at screen 0.07778
set rmargin at screen 0.32333
set tmargin at screen 0.85063
set bmargin at screen 0.74430
unset logscale
set xrange [-2:60.4]
set xtics ('0' 0.0, '20' 20.0, '40' 40.0, '60' 60.0)
set yrange [0:569.75]
set ytics ('0' 0.0, '200' 200.0, '400' 400.0)
set object 901 rectangle from -2,graph 0 to 0,graph 1 behind fs solid noborder fc rgb '#eef0f2'
set object 902 rectangle from 60,graph 0 to 60.4,graph 1 behind fs solid noborder fc rgb '#eef0f2'
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
set tmargin at screen 0.68101
set bmargin at screen 0.57468
unset logscale; set logscale y
set xrange [-2:60.4]
set xtics ('0' 0.0, '20' 20.0, '40' 40.0, '60' 60.0)
set yrange [50:1000]
set ytics ('50 µs' 50.0, '200 µs' 200.0, '1 ms' 1000.0, '' 100.0 1, '' 500.0 1)
set object 901 rectangle from -2,graph 0 to 0,graph 1 behind fs solid noborder fc rgb '#eef0f2'
set object 902 rectangle from 60,graph 0 to 60.4,graph 1 behind fs solid noborder fc rgb '#eef0f2'
plot 'timeline.dat' index 0 using 1:4 with lines lw 1.3 dt solid lc rgb '#cc79a7' notitle, \
  'timeline.dat' index 0 using 1:5 with lines lw 1.5 dt solid lc rgb '#d55e00' notitle
unset object
unset arrow
unset label 901
set lmargin at screen 0.07778
set rmargin at screen 0.32333
set tmargin at screen 0.51139
set bmargin at screen 0.40506
unset logscale
set xrange [-2:60.4]
set xtics ('0' 0.0, '20' 20.0, '40' 40.0, '60' 60.0)
set yrange [0:530026.5]
set ytics ('0' 0.0, '200,000' 200000.0, '400,000' 400000.0)
set object 901 rectangle from -2,graph 0 to 0,graph 1 behind fs solid noborder fc rgb '#eef0f2'
set object 902 rectangle from 60,graph 0 to 60.4,graph 1 behind fs solid noborder fc rgb '#eef0f2'
plot 'timeline.dat' index 0 using 1:6 with lines lw 1.3 dt solid lc rgb '#000000' notitle
unset object
unset arrow
unset label 901
set lmargin at screen 0.07778
set rmargin at screen 0.32333
set tmargin at screen 0.34177
set bmargin at screen 0.23544
unset logscale
set xrange [-2:60.4]
set xtics ('0' 0.0, '20' 20.0, '40' 40.0, '60' 60.0)
set yrange [0:2164.52]
set ytics ('0' 0.0, '1,000' 1000.0, '2,000' 2000.0)
set object 901 rectangle from -2,graph 0 to 0,graph 1 behind fs solid noborder fc rgb '#eef0f2'
set object 902 rectangle from 60,graph 0 to 60.4,graph 1 behind fs solid noborder fc rgb '#eef0f2'
plot 'timeline.dat' index 0 using 1:($9*2164.52):(0.36) with boxes fs solid noborder lc rgb '#e69f00' notitle, \
  'timeline.dat' index 0 using 1:7 with lines lw 1.3 dt solid lc rgb '#009e73' notitle, \
  'timeline.dat' index 0 using 1:8 with lines lw 1.5 dt solid lc rgb '#666666' notitle
unset object
unset arrow
unset label 901
set lmargin at screen 0.39889
set rmargin at screen 0.64444
set tmargin at screen 0.85063
set bmargin at screen 0.74430
unset logscale
set xrange [-2:60]
set xtics ('0' 0.0, '20' 20.0, '40' 40.0, '60' 60.0)
set yrange [0:569.75]
set ytics ('0' 0.0, '200' 200.0, '400' 400.0)
set object 901 rectangle from -2,graph 0 to 0,graph 1 behind fs solid noborder fc rgb '#eef0f2'
plot 'timeline.dat' index 1 using 1:2 with lines lw 1.3 dt solid lc rgb '#56b4e9' notitle, \
  'timeline.dat' index 1 using 1:3 with lines lw 1.5 dt solid lc rgb '#0072b2' notitle
unset object
unset arrow
unset label 901
set lmargin at screen 0.39889
set rmargin at screen 0.64444
set tmargin at screen 0.68101
set bmargin at screen 0.57468
unset logscale; set logscale y
set xrange [-2:60]
set xtics ('0' 0.0, '20' 20.0, '40' 40.0, '60' 60.0)
set yrange [50:1000]
set ytics ('50 µs' 50.0, '200 µs' 200.0, '1 ms' 1000.0, '' 100.0 1, '' 500.0 1)
set object 901 rectangle from -2,graph 0 to 0,graph 1 behind fs solid noborder fc rgb '#eef0f2'
plot 'timeline.dat' index 1 using 1:4 with lines lw 1.3 dt solid lc rgb '#cc79a7' notitle, \
  'timeline.dat' index 1 using 1:5 with lines lw 1.5 dt solid lc rgb '#d55e00' notitle
unset object
unset arrow
unset label 901
set lmargin at screen 0.39889
set rmargin at screen 0.64444
set tmargin at screen 0.51139
set bmargin at screen 0.40506
unset logscale
set xrange [-2:60]
set xtics ('0' 0.0, '20' 20.0, '40' 40.0, '60' 60.0)
set yrange [0:530015.9]
set ytics ('0' 0.0, '200,000' 200000.0, '400,000' 400000.0)
set object 901 rectangle from -2,graph 0 to 0,graph 1 behind fs solid noborder fc rgb '#eef0f2'
plot 'timeline.dat' index 1 using 1:6 with lines lw 1.3 dt solid lc rgb '#000000' notitle
unset object
unset arrow
unset label 901
set lmargin at screen 0.39889
set rmargin at screen 0.64444
set tmargin at screen 0.34177
set bmargin at screen 0.23544
unset logscale
set xrange [-2:60]
set xtics ('0' 0.0, '20' 20.0, '40' 40.0, '60' 60.0)
set yrange [0:4749.86]
set ytics ('0' 0.0, '2,000' 2000.0, '4,000' 4000.0)
set object 901 rectangle from -2,graph 0 to 0,graph 1 behind fs solid noborder fc rgb '#eef0f2'
plot 'timeline.dat' index 1 using 1:($9*4749.86):(0.36) with boxes fs solid noborder lc rgb '#e69f00' notitle, \
  'timeline.dat' index 1 using 1:7 with lines lw 1.3 dt solid lc rgb '#009e73' notitle, \
  'timeline.dat' index 1 using 1:8 with lines lw 1.5 dt solid lc rgb '#666666' notitle
unset object
unset arrow
unset label 901
set lmargin at screen 0.72000
set rmargin at screen 0.96556
set tmargin at screen 0.85063
set bmargin at screen 0.74430
unset logscale
set xrange [-2:60]
set xtics ('0' 0.0, '20' 20.0, '40' 40.0, '60' 60.0)
set yrange [0:569.75]
set ytics ('0' 0.0, '200' 200.0, '400' 400.0)
set object 901 rectangle from -2,graph 0 to 0,graph 1 behind fs solid noborder fc rgb '#eef0f2'
plot 'timeline.dat' index 2 using 1:2 with lines lw 1.3 dt solid lc rgb '#56b4e9' notitle, \
  'timeline.dat' index 2 using 1:3 with lines lw 1.5 dt solid lc rgb '#0072b2' notitle
unset object
unset arrow
unset label 901
set lmargin at screen 0.72000
set rmargin at screen 0.96556
set tmargin at screen 0.68101
set bmargin at screen 0.57468
unset logscale; set logscale y
set xrange [-2:60]
set xtics ('0' 0.0, '20' 20.0, '40' 40.0, '60' 60.0)
set yrange [50:1000]
set ytics ('50 µs' 50.0, '200 µs' 200.0, '1 ms' 1000.0, '' 100.0 1, '' 500.0 1)
set object 901 rectangle from -2,graph 0 to 0,graph 1 behind fs solid noborder fc rgb '#eef0f2'
plot 'timeline.dat' index 2 using 1:4 with lines lw 1.3 dt solid lc rgb '#cc79a7' notitle, \
  'timeline.dat' index 2 using 1:5 with lines lw 1.5 dt solid lc rgb '#d55e00' notitle
unset object
unset arrow
unset label 901
set lmargin at screen 0.72000
set rmargin at screen 0.96556
set tmargin at screen 0.51139
set bmargin at screen 0.40506
unset logscale
set xrange [-2:60]
set xtics ('0' 0.0, '20' 20.0, '40' 40.0, '60' 60.0)
set yrange [0:530007.42]
set ytics ('0' 0.0, '200,000' 200000.0, '400,000' 400000.0)
set object 901 rectangle from -2,graph 0 to 0,graph 1 behind fs solid noborder fc rgb '#eef0f2'
plot 'timeline.dat' index 2 using 1:6 with lines lw 1.3 dt solid lc rgb '#000000' notitle
unset object
unset arrow
unset label 901
set lmargin at screen 0.72000
set rmargin at screen 0.96556
set tmargin at screen 0.34177
set bmargin at screen 0.23544
unset logscale
set xrange [-2:60]
set xtics ('0' 0.0, '20' 20.0, '40' 40.0, '60' 60.0)
set yrange [0:2240.84]
set ytics ('0' 0.0, '1,000' 1000.0, '2,000' 2000.0)
set object 901 rectangle from -2,graph 0 to 0,graph 1 behind fs solid noborder fc rgb '#eef0f2'
plot 'timeline.dat' index 2 using 1:($9*2240.84):(0.36) with boxes fs solid noborder lc rgb '#e69f00' notitle, \
  'timeline.dat' index 2 using 1:7 with lines lw 1.3 dt solid lc rgb '#009e73' notitle, \
  'timeline.dat' index 2 using 1:8 with lines lw 1.5 dt solid lc rgb '#666666' notitle
unset object
unset arrow
unset label 901
unset multiplot
unset output
