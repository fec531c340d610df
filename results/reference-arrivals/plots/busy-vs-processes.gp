# Run `gnuplot busy-vs-processes.gp` in this directory to draw the picture again.
set encoding utf8
set terminal svg size 900,266 fixed enhanced font 'sans-serif,11' background rgb '#ffffff'
set output 'busy-vs-processes.svg'
unset key
set border 3 lc rgb '#888888' lw 0.8
set tics nomirror scale 0.5 noenhanced textcolor rgb '#222222'
set grid xtics ytics lc rgb '#dddddd' lw 0.6 dt solid
set label 1 '{/:Bold BUSY: operations per 1,000 that met a busy database}' at screen 0.01778, screen 0.91729 left font 'sans-serif,16' tc rgb '#222222'
set label 2 '4 producers + 4 consumers; median of 6 repeats, bars 95 % interval; lower is better' at screen 0.01778, screen 0.83459 left noenhanced font 'sans-serif,12' tc rgb '#666666'
set label 3 'run reference-arrivals · commit 089ed4d720 · SQLite 3.40.1 · PRAGMAs 62c2dceee780 · median of 6 repeats · seed 42' at screen 0.01778, screen 0.12782 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 4 'AMD EPYC · 2 cores · ext4' at screen 0.01778, screen 0.07143 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 5 'arrivals, burst' at screen 0.01778, screen 0.75188 left noenhanced font 'sans-serif,11' tc rgb '#666666'
set multiplot
set lmargin at screen 0.16333
set rmargin at screen 0.96000
set tmargin at screen 0.71429
set bmargin at screen 0.31579
set xrange [0:218.32184]
set xtics ('0' 0.0, '50' 50.0, '100' 100.0, '150' 150.0, '200' 200.0)
set yrange [3.6:-0.6]
set ytics ('fixed, burst 1' 0, 'fixed, burst 50' 1, 'poisson, burst 1' 2, 'poisson, burst 50' 3) noenhanced
unset grid
set grid xtics lc rgb '#dddddd' lw 0.6 dt solid
plot 'busy-vs-processes.dat' index 0 using ($2/2):1:(0):2:($1-0.32):($1+0.32) with boxxyerror fs solid 0.85 noborder lc rgb '#56b4e9' notitle, \
  'busy-vs-processes.dat' index 0 using 3:1:($4-$3):(0) with vectors heads size screen 0.0035,90 dt solid lw 1 lc rgb '#222222' notitle, \
  'busy-vs-processes.dat' index 0 using (valid(4) ? $4 : 0):1:5:6 with labels left offset 0.6,0 noenhanced font 'sans-serif,10' tc rgb variable notitle
unset label
unset arrow
unset object
unset multiplot
unset output
