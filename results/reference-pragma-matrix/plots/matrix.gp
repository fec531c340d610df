# Run `gnuplot matrix.gp` in this directory to draw the picture again.
set encoding utf8
set terminal svg size 900,426 fixed enhanced font 'sans-serif,11' background rgb '#ffffff'
set output 'matrix.svg'
unset key
set border 3 lc rgb '#888888' lw 0.8
set tics nomirror scale 0.5 noenhanced textcolor rgb '#222222'
set grid xtics ytics lc rgb '#dddddd' lw 0.6 dt solid
set label 1 '{/:Bold Claim latency p99 over the matrix}' at screen 0.01778, screen 0.94836 left font 'sans-serif,16' tc rgb '#222222'
set label 2 'median of 3 repeats, compared with the framed baseline c05; blue better, orange worse' at screen 0.01778, screen 0.89671 left noenhanced font 'sans-serif,12' tc rgb '#666666'
set label 3 'run reference-pragma-matrix · commit 089ed4d720 · SQLite 3.40.1 · median of 3 repeats · seed 42' at screen 0.01778, screen 0.07981 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 4 'AMD EPYC · 2 cores · ext4' at screen 0.01778, screen 0.04460 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 5 'page_size = 4096, … = -2000' at screen 0.09667, screen 0.81221 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 6 'page_size = 4096, …= -20000' at screen 0.41778, screen 0.81221 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 7 'page_size = 16384,… = -2000' at screen 0.73889, screen 0.81221 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 8 'page_size = 16384,…= -20000' at screen 0.09667, screen 0.47418 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 9 'across: synchronous   down: journal_mode' at screen 0.01778, screen 0.14085 left noenhanced font 'sans-serif,11' tc rgb '#666666'
set multiplot
set lmargin at screen 0.09667
set rmargin at screen 0.32000
set tmargin at screen 0.78404
set bmargin at screen 0.57746
unset grid
unset border
set tics scale 0
unset colorbox
set xrange [-0.5:2.5]
set yrange [1.5:-0.5]
set xtics ('NORMAL' 0, 'FULL' 1, 'OFF' 2) noenhanced
set ytics ('WAL' 0, 'TRUNCATE' 1) noenhanced
plot 'matrix.dat' index 0 using 1:2:($1-0.5):($1+0.5):($2-0.5):($2+0.5):7 with boxxyerror fs solid noborder lc rgb variable notitle, \
  'matrix.dat' index 0 using 1:2:($1-0.5):($1+0.5):($2-0.5):($2+0.5) with boxxyerror fs empty border rgb '#ffffff' lw 2 lc rgb '#ffffff' notitle, \
  'matrix.dat' index 0 using 1:2:4:6 with labels offset 0,0.45 font 'sans-serif,10' tc rgb variable notitle, \
  'matrix.dat' index 0 using 1:2:5:6 with labels offset 0,-0.6 font 'sans-serif,9' tc rgb variable notitle, \
  'matrix.dat' index 1 using 1:2:($1-0.5):($1+0.5):($2-0.5):($2+0.5) with boxxyerror fs empty border rgb '#222222' lw 2 lc rgb '#222222' notitle
unset label
unset arrow
unset object
set lmargin at screen 0.41778
set rmargin at screen 0.64111
set tmargin at screen 0.78404
set bmargin at screen 0.57746
plot 'matrix.dat' index 2 using 1:2:($1-0.5):($1+0.5):($2-0.5):($2+0.5):7 with boxxyerror fs solid noborder lc rgb variable notitle, \
  'matrix.dat' index 2 using 1:2:($1-0.5):($1+0.5):($2-0.5):($2+0.5) with boxxyerror fs empty border rgb '#ffffff' lw 2 lc rgb '#ffffff' notitle, \
  'matrix.dat' index 2 using 1:2:4:6 with labels offset 0,0.45 font 'sans-serif,10' tc rgb variable notitle, \
  'matrix.dat' index 2 using 1:2:5:6 with labels offset 0,-0.6 font 'sans-serif,9' tc rgb variable notitle
set lmargin at screen 0.73889
set rmargin at screen 0.96222
set tmargin at screen 0.78404
set bmargin at screen 0.57746
plot 'matrix.dat' index 3 using 1:2:($1-0.5):($1+0.5):($2-0.5):($2+0.5):7 with boxxyerror fs solid noborder lc rgb variable notitle, \
  'matrix.dat' index 3 using 1:2:($1-0.5):($1+0.5):($2-0.5):($2+0.5) with boxxyerror fs empty border rgb '#ffffff' lw 2 lc rgb '#ffffff' notitle, \
  'matrix.dat' index 3 using 1:2:4:6 with labels offset 0,0.45 font 'sans-serif,10' tc rgb variable notitle, \
  'matrix.dat' index 3 using 1:2:5:6 with labels offset 0,-0.6 font 'sans-serif,9' tc rgb variable notitle
set lmargin at screen 0.09667
set rmargin at screen 0.32000
set tmargin at screen 0.44601
set bmargin at screen 0.23944
plot 'matrix.dat' index 4 using 1:2:($1-0.5):($1+0.5):($2-0.5):($2+0.5):7 with boxxyerror fs solid noborder lc rgb variable notitle, \
  'matrix.dat' index 4 using 1:2:($1-0.5):($1+0.5):($2-0.5):($2+0.5) with boxxyerror fs empty border rgb '#ffffff' lw 2 lc rgb '#ffffff' notitle, \
  'matrix.dat' index 4 using 1:2:4:6 with labels offset 0,0.45 font 'sans-serif,10' tc rgb variable notitle, \
  'matrix.dat' index 4 using 1:2:5:6 with labels offset 0,-0.6 font 'sans-serif,9' tc rgb variable notitle
unset multiplot
unset output
