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
set label 3 'run reference-soak · commit 2c0c364a10 · SQLite 3.40.1 · PRAGMAs 62c2dceee780 · one repeat · seed 5' at screen 0.01778, screen 0.04304 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 4 'AMD EPYC · 2 cores · ext4' at screen 0.01778, screen 0.02405 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 5 'c01  ' at screen 0.01778, screen 0.89367 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 6 'tasks per second' at screen 0.07778, screen 0.86582 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 7 'claim latency per window' at screen 0.07778, screen 0.69620 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 8 'tasks in the queue' at screen 0.07778, screen 0.52658 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 9 'frames in the write-ahead log' at screen 0.07778, screen 0.35696 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 10 'across: seconds since the measurement began' at screen 0.01778, screen 0.18987 left noenhanced font 'sans-serif,11' tc rgb '#666666'
set label 11 '' at screen 0.01778, screen 0.17975 left noenhanced font 'sans-serif,11' tc rgb '#666666'
set arrow from screen 0.01778, screen 0.15443 to screen 0.05333, screen 0.15443 nohead dt solid lw 1.8 lc rgb '#56b4e9'
set label 13 'enqueued' at screen 0.06222, screen 0.15443 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set arrow from screen 0.01778, screen 0.12911 to screen 0.05333, screen 0.12911 nohead dt solid lw 1.82 lc rgb '#0072b2'
set label 15 'completed' at screen 0.06222, screen 0.12911 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set arrow from screen 0.01778, screen 0.10380 to screen 0.05333, screen 0.10380 nohead dt solid lw 1.8 lc rgb '#cc79a7'
set label 17 'claim p50' at screen 0.06222, screen 0.10380 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set arrow from screen 0.25889, screen 0.15443 to screen 0.29444, screen 0.15443 nohead dt solid lw 1.82 lc rgb '#d55e00'
set label 19 'claim p99' at screen 0.30333, screen 0.15443 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set arrow from screen 0.25889, screen 0.12911 to screen 0.29444, screen 0.12911 nohead dt solid lw 1.8 lc rgb '#000000'
set label 21 'tasks in the queue' at screen 0.30333, screen 0.12911 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set arrow from screen 0.25889, screen 0.10380 to screen 0.29444, screen 0.10380 nohead dt solid lw 1.82 lc rgb '#009e73'
set label 23 'frames in the log' at screen 0.30333, screen 0.10380 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set arrow from screen 0.50000, screen 0.15443 to screen 0.53556, screen 0.15443 nohead dt solid lw 1.8 lc rgb '#666666'
set label 25 'of these copied back' at screen 0.54444, screen 0.15443 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set object 25 rectangle from screen 0.50889, screen 0.13671 to screen 0.52667, screen 0.12152 fs solid noborder fc rgb '#e69f00' front
set label 27 'checkpoint at work' at screen 0.54444, screen 0.12911 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set object 27 rectangle from screen 0.50889, screen 0.11139 to screen 0.52667, screen 0.09620 fs solid noborder fc rgb '#eef0f2' front
set label 29 'warm-up and drain' at screen 0.54444, screen 0.10380 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set multiplot
set lmargin at screen 0.07778
set rmargin at screen 0.96667
set tmargin at screen 0.85063
set bmargin at screen 0.74430
unset logscale
set xrange [-1:3608.6]
set xtics ('0' 0.0, '1,000' 1000.0, '2,000' 2000.0, '3,000' 3000.0)
set yrange [0:219.701563]
set ytics ('0' 0.0, '100' 100.0, '200' 200.0)
plot 'timeline.dat' index 0 using 1:2 with lines lw 1.3 dt solid lc rgb '#56b4e9' notitle, \
  'timeline.dat' index 0 using 1:3 with lines lw 1.5 dt solid lc rgb '#0072b2' notitle
unset object
unset arrow
unset label 901
unset label
unset arrow
unset object
set lmargin at screen 0.07778
set rmargin at screen 0.96667
set tmargin at screen 0.68101
set bmargin at screen 0.57468
unset logscale; set logscale y
set xrange [-1:3608.6]
set xtics ('0' 0.0, '1,000' 1000.0, '2,000' 2000.0, '3,000' 3000.0)
set yrange [100:20000]
set ytics ('100 µs' 100.0, '1 ms' 1000.0, '10 ms' 10000.0, '' 200.0 1, '' 500.0 1, '' 2000.0 1, '' 5000.0 1, '' 20000.0 1)
plot 'timeline.dat' index 0 using 1:4 with lines lw 1.3 dt solid lc rgb '#cc79a7' notitle, \
  'timeline.dat' index 0 using 1:5 with lines lw 1.5 dt solid lc rgb '#d55e00' notitle
unset object
unset arrow
unset label 901
set lmargin at screen 0.07778
set rmargin at screen 0.96667
set tmargin at screen 0.51139
set bmargin at screen 0.40506
unset logscale
set xrange [-1:3608.6]
set xtics ('0' 0.0, '1,000' 1000.0, '2,000' 2000.0, '3,000' 3000.0)
set yrange [0:96.46]
set ytics ('0' 0.0, '50' 50.0)
plot 'timeline.dat' index 0 using 1:6 with lines lw 1.3 dt solid lc rgb '#000000' notitle
unset object
unset arrow
unset label 901
set lmargin at screen 0.07778
set rmargin at screen 0.96667
set tmargin at screen 0.34177
set bmargin at screen 0.23544
unset logscale
set xrange [-1:3608.6]
set xtics ('0' 0.0, '1,000' 1000.0, '2,000' 2000.0, '3,000' 3000.0)
set yrange [0:6756.44]
set ytics ('0' 0.0, '2,500' 2500.0, '5,000' 5000.0)
plot 'timeline.dat' index 0 using 1:($9*6756.44):(23.04) with boxes fs solid noborder lc rgb '#e69f00' notitle, \
  'timeline.dat' index 0 using 1:7 with lines lw 1.3 dt solid lc rgb '#009e73' notitle, \
  'timeline.dat' index 0 using 1:8 with lines lw 1.5 dt solid lc rgb '#666666' notitle
unset object
unset arrow
unset label 901
unset multiplot
unset output
