# Run `gnuplot throughput-vs-processes.gp` in this directory to draw the picture again.
set encoding utf8
set terminal svg size 900,930 fixed enhanced font 'sans-serif,11' background rgb '#ffffff'
set output 'throughput-vs-processes.svg'
unset key
set border 3 lc rgb '#888888' lw 0.8
set tics nomirror scale 0.5 noenhanced textcolor rgb '#222222'
set grid xtics ytics lc rgb '#dddddd' lw 0.6 dt solid
set label 1 '{/:Bold Throughput: tasks completed per second}' at screen 0.01778, screen 0.97634 left font 'sans-serif,16' tc rgb '#222222'
set label 2 '1 producers + 12 consumers; median of 3 repeats, bars min–max; higher is better' at screen 0.01778, screen 0.95269 left noenhanced font 'sans-serif,12' tc rgb '#666666'
set label 3 'run reference-lease-faults · commit 2c0c364a10 · SQLite 3.40.1 · PRAGMAs 62c2dceee780 · median of 3 repeats · seed 23' at screen 0.01778, screen 0.03656 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 4 'AMD EPYC · 2 cores · ext4' at screen 0.01778, screen 0.02043 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 5 'faults, lease, work_time, renewal' at screen 0.01778, screen 0.92903 left noenhanced font 'sans-serif,11' tc rgb '#666666'
set multiplot
set lmargin at screen 0.38556
set rmargin at screen 0.96000
set tmargin at screen 0.91828
set bmargin at screen 0.09032
set xrange [0:23.32]
set xtics ('0' 0.0, '5' 5.0, '10' 10.0, '15' 15.0, '20' 20.0)
set yrange [39.6:-0.6]
set ytics ('kill(every=250ms), lease 250ms…0ms, renewal 0s' 0, 'kill(every=250ms), lease 250ms…, renewal 100ms' 1, 'kill(every=250ms), lease 250ms…0ms, renewal 0s' 2, 'kill(every=250ms), lease 250ms…, renewal 100ms' 3, 'kill(every=250ms), lease 500ms…0ms, renewal 0s' 4, 'kill(every=250ms), lease 500ms…, renewal 100ms' 5, 'kill(every=250ms), lease 500ms…0ms, renewal 0s' 6, 'kill(every=250ms), lease 500ms…, renewal 100ms' 7, 'kill(every=250ms), lease 1s, w…0ms, renewal 0s' 8, 'kill(every=250ms), lease 1s, w…, renewal 100ms' 9, 'kill(every=250ms), lease 1s, w…0ms, renewal 0s' 10, 'kill(every=250ms), lease 1s, w…, renewal 100ms' 11, 'kill(every=250ms), lease 2s, w…0ms, renewal 0s' 12, 'kill(every=250ms), lease 2s, w…, renewal 100ms' 13, 'kill(every=250ms), lease 2s, w…0ms, renewal 0s' 14, 'kill(every=250ms), lease 2s, w…, renewal 100ms' 15, 'kill(every=250ms), lease 5s, w…0ms, renewal 0s' 16, 'kill(every=250ms), lease 5s, w…, renewal 100ms' 17, 'kill(every=250ms), lease 5s, w…0ms, renewal 0s' 18, 'kill(every=250ms), lease 5s, w…, renewal 100ms' 19, 'stop(every=750ms for=600ms), l…0ms, renewal 0s' 20, 'stop(every=750ms for=600ms), l…, renewal 100ms' 21, 'stop(every=750ms for=600ms), l…0ms, renewal 0s' 22, 'stop(every=750ms for=600ms), l…, renewal 100ms' 23, 'stop(every=750ms for=600ms), l…0ms, renewal 0s' 24, 'stop(every=750ms for=600ms), l…, renewal 100ms' 25, 'stop(every=750ms for=600ms), l…0ms, renewal 0s' 26, 'stop(every=750ms for=600ms), l…, renewal 100ms' 27, 'stop(every=750ms for=600ms), l…0ms, renewal 0s' 28, 'stop(every=750ms for=600ms), l…, renewal 100ms' 29, 'stop(every=750ms for=600ms), l…0ms, renewal 0s' 30, 'stop(every=750ms for=600ms), l…, renewal 100ms' 31, 'stop(every=750ms for=600ms), l…0ms, renewal 0s' 32, 'stop(every=750ms for=600ms), l…, renewal 100ms' 33, 'stop(every=750ms for=600ms), l…0ms, renewal 0s' 34, 'stop(every=750ms for=600ms), l…, renewal 100ms' 35, 'stop(every=750ms for=600ms), l…0ms, renewal 0s' 36, 'stop(every=750ms for=600ms), l…, renewal 100ms' 37, 'stop(every=750ms for=600ms), l…0ms, renewal 0s' 38, 'stop(every=750ms for=600ms), l…, renewal 100ms' 39) noenhanced
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
