# Run `gnuplot matrix.gp` in this directory to draw the picture again.
set encoding utf8
set terminal svg size 900,608 fixed enhanced font 'sans-serif,11' background rgb '#ffffff'
set output 'matrix.svg'
unset key
set border 3 lc rgb '#888888' lw 0.8
set tics nomirror scale 0.5 noenhanced textcolor rgb '#222222'
set grid xtics ytics lc rgb '#dddddd' lw 0.6 dt solid
set label 1 '{/:Bold Claim latency p99 over the matrix}' at screen 0.01778, screen 0.96382 left font 'sans-serif,16' tc rgb '#222222'
set label 2 'median of 3 repeats, compared with the framed baseline c01; blue better, orange worse' at screen 0.01778, screen 0.92763 left noenhanced font 'sans-serif,12' tc rgb '#666666'
set label 3 'run reference-faults · commit 2c0c364a10 · SQLite 3.40.1 · PRAGMAs ead9584bafe5 · median of 3 repeats · seed 17' at screen 0.01778, screen 0.05592 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 4 'AMD EPYC · 2 cores · ext4' at screen 0.01778, screen 0.03125 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 5 'down: faults' at screen 0.01778, screen 0.09868 left noenhanced font 'sans-serif,11' tc rgb '#666666'
set multiplot
set lmargin at screen 0.21889
set rmargin at screen 0.47444
set tmargin at screen 0.89145
set bmargin at screen 0.16776
unset grid
unset border
set tics scale 0
unset colorbox
set xrange [-0.5:0.5]
set yrange [9.5:-0.5]
set xtics ('' 0) noenhanced
set ytics ('none' 0, 'kill(every=100ms)' 1, 'stop(every=1s for=800ms)' 2, 'reader' 3, 'writer' 4, 'disk_full' 5, 'io_error' 6, 'clock' 7, 'backup' 8, 'vacuum' 9) noenhanced
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
