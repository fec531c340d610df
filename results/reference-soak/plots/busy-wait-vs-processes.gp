# Run `gnuplot busy-wait-vs-processes.gp` in this directory to draw the picture again.
set encoding utf8
set terminal svg size 900,180 fixed enhanced font 'sans-serif,11' background rgb '#ffffff'
set output 'busy-wait-vs-processes.svg'
unset key
set border 3 lc rgb '#888888' lw 0.8
set tics nomirror scale 0.5 noenhanced textcolor rgb '#222222'
set grid xtics ytics lc rgb '#dddddd' lw 0.6 dt solid
set label 1 '{/:Bold Waiting in the busy handler: % of the processes'' time}' at screen 0.01778, screen 0.87778 left font 'sans-serif,16' tc rgb '#222222'
set label 2 '3 producers + 4 consumers; one repeat; lower is better' at screen 0.01778, screen 0.75556 left noenhanced font 'sans-serif,12' tc rgb '#666666'
set label 3 'run reference-soak · commit 2c0c364a10 · SQLite 3.40.1 · PRAGMAs 62c2dceee780 · one repeat · seed 5' at screen 0.01778, screen 0.18889 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 4 'AMD EPYC · 2 cores · ext4' at screen 0.01778, screen 0.10556 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 5 '' at screen 0.01778, screen 0.63333 left noenhanced font 'sans-serif,11' tc rgb '#666666'
set multiplot
set lmargin at screen 0.05556
set rmargin at screen 0.96000
set tmargin at screen 0.65556
set bmargin at screen 0.46667
set xrange [0:1.4770888000000004]
set xtics ('0' 0.0, '0.5' 0.5, '1' 1.0)
set yrange [0.6:-0.6]
set ytics ('c01' 0) noenhanced
unset grid
set grid xtics lc rgb '#dddddd' lw 0.6 dt solid
plot 'busy-wait-vs-processes.dat' index 0 using ($2/2):1:(0):2:($1-0.32):($1+0.32) with boxxyerror fs solid 0.85 noborder lc rgb '#56b4e9' notitle, \
  'busy-wait-vs-processes.dat' index 0 using (valid(4) ? $4 : 0):1:5:6 with labels left offset 0.6,0 noenhanced font 'sans-serif,10' tc rgb variable notitle
unset label
unset arrow
unset object
unset multiplot
unset output
