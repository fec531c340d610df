# Run `gnuplot matrix.gp` in this directory to draw the picture again.
set encoding utf8
set terminal svg size 900,212 fixed enhanced font 'sans-serif,11' background rgb '#ffffff'
set output 'matrix.svg'
unset key
set border 3 lc rgb '#888888' lw 0.8
set tics nomirror scale 0.5 noenhanced textcolor rgb '#222222'
set grid xtics ytics lc rgb '#dddddd' lw 0.6 dt solid
set label 1 '{/:Bold Claim latency p99 over the matrix}' at screen 0.01778, screen 0.89623 left font 'sans-serif,16' tc rgb '#222222'
set label 2 'median of 3 repeats, compared with the framed baseline c01; blue better, orange worse' at screen 0.01778, screen 0.79245 left noenhanced font 'sans-serif,12' tc rgb '#666666'
set label 3 'run reference-operations · commit 0c03dab2c6 · SQLite 3.40.1 · PRAGMAs 62c2dceee780 · median of 3 repeats · seed 500' at screen 0.01778, screen 0.16038 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 4 'AMD EPYC · 2 cores · ext4' at screen 0.01778, screen 0.08962 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 5 'across: faults' at screen 0.01778, screen 0.28302 left noenhanced font 'sans-serif,11' tc rgb '#666666'
set multiplot
set lmargin at screen 0.01778
set rmargin at screen 0.78444
set tmargin at screen 0.68868
set bmargin at screen 0.48113
unset grid
unset border
set tics scale 0
unset colorbox
set xrange [-0.5:2.5]
set yrange [0.5:-0.5]
set xtics ('none' 0, 'command(run=taskq…s at=1s)' 1, 'command(run=taskq…s at=1s)' 2) noenhanced
set ytics ('' 0) noenhanced
plot 'matrix.dat' index 0 using 1:2:($1-0.5):($1+0.5):($2-0.5):($2+0.5):7 with boxxyerror fs solid noborder lc rgb variable notitle, \
  'matrix.dat' index 0 using 1:2:($1-0.5):($1+0.5):($2-0.5):($2+0.5) with boxxyerror fs empty border rgb '#ffffff' lw 2 lc rgb '#ffffff' notitle, \
  'matrix.dat' index 0 using 1:2:4:6 with labels offset 0,0.45 font 'sans-serif,12' tc rgb variable notitle, \
  'matrix.dat' index 0 using 1:2:5:6 with labels offset 0,-0.6 font 'sans-serif,11' tc rgb variable notitle, \
  'matrix.dat' index 1 using 1:2:($1-0.5):($1+0.5):($2-0.5):($2+0.5) with boxxyerror fs empty border rgb '#222222' lw 2 lc rgb '#222222' notitle
unset label
unset arrow
unset object
unset multiplot
unset output
