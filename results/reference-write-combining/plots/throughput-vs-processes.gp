# Run `gnuplot throughput-vs-processes.gp` in this directory to draw the picture again.
set encoding utf8
set terminal svg size 900,458 fixed enhanced font 'sans-serif,11' background rgb '#ffffff'
set output 'throughput-vs-processes.svg'
unset key
set border 3 lc rgb '#888888' lw 0.8
set tics nomirror scale 0.5 noenhanced textcolor rgb '#222222'
set grid xtics ytics lc rgb '#dddddd' lw 0.6 dt solid
set label 1 '{/:Bold Throughput: tasks completed per second}' at screen 0.01778, screen 0.95197 left font 'sans-serif,16' tc rgb '#222222'
set label 2 '1 producers + 0 consumers; median of 3 repeats, bars min–max; higher is better' at screen 0.01778, screen 0.90393 left noenhanced font 'sans-serif,12' tc rgb '#666666'
set label 3 'run reference-write-combining · commit 089ed4d720 · SQLite 3.40.1 · median of 3 repeats · seed 42' at screen 0.01778, screen 0.07424 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 4 'AMD EPYC · 2 cores · ext4' at screen 0.01778, screen 0.04148 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 5 'synchronous, callers, write_combining' at screen 0.01778, screen 0.85590 left noenhanced font 'sans-serif,11' tc rgb '#666666'
set multiplot
set lmargin at screen 0.33222
set rmargin at screen 0.96000
set tmargin at screen 0.83406
set bmargin at screen 0.18341
set xrange [0:81695.20700000001]
set xtics ('0' 0.0, '20,000' 20000.0, '40,000' 40000.0, '60,000' 60000.0, '80,000' 80000.0)
set yrange [11.6:-0.6]
set ytics ('FULL, callers 1, write_combining on' 0, 'FULL, callers 1, write_combining off' 1, 'FULL, callers 4, write_combining on' 2, 'FULL, callers 4, write_combining off' 3, 'FULL, callers 16, write_combining on' 4, 'FULL, callers 16, write_combining off' 5, 'NORMAL, callers 1, write_combining on' 6, 'NORMAL, callers 1, write_combining off' 7, 'NORMAL, callers 4, write_combining on' 8, 'NORMAL, callers 4, write_combining off' 9, 'NORMAL, callers 16, write_combining on' 10, 'NORMAL, callers 16, write_combining off' 11) noenhanced
unset grid
set grid xtics lc rgb '#dddddd' lw 0.6 dt solid
plot 'throughput-vs-processes.dat' index 0 using ($2/2):1:(0):2:($1-0.32):($1+0.32) with boxxyerror fs solid 0.85 noborder lc rgb '#56b4e9' notitle, \
  'throughput-vs-processes.dat' index 0 using 3:1:($4-$3):(0) with vectors heads size screen 0.0035,90 dt solid lw 1 lc rgb '#222222' notitle, \
  'throughput-vs-processes.dat' index 0 using (valid(4) ? $4 : 0):1:5:6 with labels left offset 0.6,0 noenhanced font 'sans-serif,10' tc rgb variable notitle
unset label
unset arrow
unset object
unset multiplot
unset output
