# Run `gnuplot busy-vs-processes.gp` in this directory to draw the picture again.
set encoding utf8
set terminal svg size 900,242 fixed enhanced font 'sans-serif,11' background rgb '#ffffff'
set output 'busy-vs-processes.svg'
unset key
set border 3 lc rgb '#888888' lw 0.8
set tics nomirror scale 0.5 noenhanced textcolor rgb '#222222'
set grid xtics ytics lc rgb '#dddddd' lw 0.6 dt solid
set label 1 '{/:Bold BUSY: operations per 1,000 that met a busy database}' at screen 0.01778, screen 0.90909 left font 'sans-serif,16' tc rgb '#222222'
set label 2 '4 producers + 4 consumers; median of 3 repeats, bars min–max; lower is better' at screen 0.01778, screen 0.81818 left noenhanced font 'sans-serif,12' tc rgb '#666666'
set label 3 'run reference-operations · commit 0c03dab2c6 · SQLite 3.40.1 · PRAGMAs 62c2dceee780 · median of 3 repeats · seed 500' at screen 0.01778, screen 0.14050 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 4 'AMD EPYC · 2 cores · ext4' at screen 0.01778, screen 0.07851 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 5 'faults' at screen 0.01778, screen 0.72727 left noenhanced font 'sans-serif,11' tc rgb '#666666'
set multiplot
set lmargin at screen 0.38556
set rmargin at screen 0.96000
set tmargin at screen 0.68595
set bmargin at screen 0.34711
set xrange [0:131.689206]
set xtics ('0' 0.0, '50' 50.0, '100' 100.0)
set yrange [2.6:-0.6]
set ytics ('none' 0, 'command(run=taskqueue backup every=60s at=1s)' 1, 'command(run=taskqueue prune --…very=60s at=1s)' 2) noenhanced
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
