# Run `gnuplot matrix.gp` in this directory to draw the picture again.
set encoding utf8
set terminal svg size 900,714 fixed enhanced font 'sans-serif,11' background rgb '#ffffff'
set output 'matrix.svg'
unset key
set border 3 lc rgb '#888888' lw 0.8
set tics nomirror scale 0.5 noenhanced textcolor rgb '#222222'
set grid xtics ytics lc rgb '#dddddd' lw 0.6 dt solid
set label 1 '{/:Bold Claim latency p95 over the matrix}' at screen 0.01778, screen 0.96919 left font 'sans-serif,16' tc rgb '#222222'
set label 2 'median of 3 repeats, compared with the framed baseline c01; blue better, orange worse' at screen 0.01778, screen 0.93838 left noenhanced font 'sans-serif,12' tc rgb '#666666'
set label 3 'run reference-lease-faults · commit 2c0c364a10 · SQLite 3.40.1 · PRAGMAs 62c2dceee780 · median of 3 repeats · seed 23' at screen 0.01778, screen 0.04762 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 4 'AMD EPYC · 2 cores · ext4' at screen 0.01778, screen 0.02661 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 5 'work_time = 20ms, renewal = 0s' at screen 0.24222, screen 0.88796 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 6 'work_time = 20ms, renewal = 100ms' at screen 0.24222, screen 0.68627 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 7 'work_time = 300ms, renewal = 0s' at screen 0.24222, screen 0.48459 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 8 'work_time = 300ms, renewal = 100ms' at screen 0.24222, screen 0.28291 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 9 'across: lease   down: faults' at screen 0.01778, screen 0.08403 left noenhanced font 'sans-serif,11' tc rgb '#666666'
set multiplot
set lmargin at screen 0.24222
set rmargin at screen 0.96444
set tmargin at screen 0.87115
set bmargin at screen 0.74790
unset grid
unset border
set tics scale 0
unset colorbox
set xrange [-0.5:4.5]
set yrange [1.5:-0.5]
set xtics ('250ms' 0, '500ms' 1, '1s' 2, '2s' 3, '5s' 4) noenhanced
set ytics ('kill(every=250ms)' 0, 'stop(every=750ms for=600ms)' 1) noenhanced
plot 'matrix.dat' index 0 using 1:2:($1-0.5):($1+0.5):($2-0.5):($2+0.5):7 with boxxyerror fs solid noborder lc rgb variable notitle, \
  'matrix.dat' index 0 using 1:2:($1-0.5):($1+0.5):($2-0.5):($2+0.5) with boxxyerror fs empty border rgb '#ffffff' lw 2 lc rgb '#ffffff' notitle, \
  'matrix.dat' index 0 using 1:2:4:6 with labels offset 0,0.45 font 'sans-serif,12' tc rgb variable notitle, \
  'matrix.dat' index 0 using 1:2:5:6 with labels offset 0,-0.6 font 'sans-serif,11' tc rgb variable notitle, \
  'matrix.dat' index 1 using 1:2:($1-0.5):($1+0.5):($2-0.5):($2+0.5) with boxxyerror fs empty border rgb '#222222' lw 2 lc rgb '#222222' notitle
unset label
unset arrow
unset object
set lmargin at screen 0.24222
set rmargin at screen 0.96444
set tmargin at screen 0.66947
set bmargin at screen 0.54622
plot 'matrix.dat' index 2 using 1:2:($1-0.5):($1+0.5):($2-0.5):($2+0.5):7 with boxxyerror fs solid noborder lc rgb variable notitle, \
  'matrix.dat' index 2 using 1:2:($1-0.5):($1+0.5):($2-0.5):($2+0.5) with boxxyerror fs empty border rgb '#ffffff' lw 2 lc rgb '#ffffff' notitle, \
  'matrix.dat' index 2 using 1:2:4:6 with labels offset 0,0.45 font 'sans-serif,12' tc rgb variable notitle, \
  'matrix.dat' index 2 using 1:2:5:6 with labels offset 0,-0.6 font 'sans-serif,11' tc rgb variable notitle
set lmargin at screen 0.24222
set rmargin at screen 0.96444
set tmargin at screen 0.46779
set bmargin at screen 0.34454
plot 'matrix.dat' index 3 using 1:2:($1-0.5):($1+0.5):($2-0.5):($2+0.5):7 with boxxyerror fs solid noborder lc rgb variable notitle, \
  'matrix.dat' index 3 using 1:2:($1-0.5):($1+0.5):($2-0.5):($2+0.5) with boxxyerror fs empty border rgb '#ffffff' lw 2 lc rgb '#ffffff' notitle, \
  'matrix.dat' index 3 using 1:2:4:6 with labels offset 0,0.45 font 'sans-serif,12' tc rgb variable notitle, \
  'matrix.dat' index 3 using 1:2:5:6 with labels offset 0,-0.6 font 'sans-serif,11' tc rgb variable notitle
set lmargin at screen 0.24222
set rmargin at screen 0.96444
set tmargin at screen 0.26611
set bmargin at screen 0.14286
plot 'matrix.dat' index 4 using 1:2:($1-0.5):($1+0.5):($2-0.5):($2+0.5):7 with boxxyerror fs solid noborder lc rgb variable notitle, \
  'matrix.dat' index 4 using 1:2:($1-0.5):($1+0.5):($2-0.5):($2+0.5) with boxxyerror fs empty border rgb '#ffffff' lw 2 lc rgb '#ffffff' notitle, \
  'matrix.dat' index 4 using 1:2:4:6 with labels offset 0,0.45 font 'sans-serif,12' tc rgb variable notitle, \
  'matrix.dat' index 4 using 1:2:5:6 with labels offset 0,-0.6 font 'sans-serif,11' tc rgb variable notitle
unset multiplot
unset output
