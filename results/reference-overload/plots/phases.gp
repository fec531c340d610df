# Run `gnuplot phases.gp` in this directory to draw the picture again.
set encoding utf8
set terminal svg size 900,486 fixed enhanced font 'sans-serif,11' background rgb '#ffffff'
set output 'phases.svg'
unset key
set border 3 lc rgb '#888888' lw 0.8
set tics nomirror scale 0.5 noenhanced textcolor rgb '#222222'
set grid xtics ytics lc rgb '#dddddd' lw 0.6 dt solid
set label 1 '{/:Bold Where the time goes: phases near the median and near the p99}' at screen 0.01778, screen 0.95473 left font 'sans-serif,16' tc rgb '#222222'
set label 2 'means of operations of about that latency, median of 6 repeats' at screen 0.01778, screen 0.90947 left noenhanced font 'sans-serif,12' tc rgb '#666666'
set label 3 'run reference-overload · commit 089ed4d720 · SQLite 3.40.1 · median of 6 repeats · seed 42' at screen 0.01778, screen 0.06996 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 4 'AMD EPYC · 2 cores · ext4' at screen 0.01778, screen 0.03909 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 5 'claim, near p50, ms' at screen 0.07667, screen 0.84362 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 6 'claim, near p99, ms' at screen 0.55889, screen 0.84362 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 7 'enqueue, near p50, s' at screen 0.07667, screen 0.63374 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 8 'enqueue, near p99, s' at screen 0.55889, screen 0.63374 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 9 'complete, near p50, ms' at screen 0.07667, screen 0.42387 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 10 'complete, near p99, ms' at screen 0.55889, screen 0.42387 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 11 'phase, from left to right' at screen 0.01778, screen 0.22222 left noenhanced font 'sans-serif,11' tc rgb '#666666'
set object 11 rectangle from screen 0.02667, screen 0.19342 to screen 0.04444, screen 0.16872 fs solid noborder fc rgb '#cc79a7' front
set label 13 'late start' at screen 0.06222, screen 0.18107 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set object 13 rectangle from screen 0.02667, screen 0.15226 to screen 0.04444, screen 0.12757 fs solid noborder fc rgb '#e69f00' front
set label 15 'waiting for the lock' at screen 0.06222, screen 0.13992 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set object 15 rectangle from screen 0.26778, screen 0.19342 to screen 0.28556, screen 0.16872 fs solid noborder fc rgb '#0072b2' front
set label 17 'executing' at screen 0.30333, screen 0.18107 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set object 17 rectangle from screen 0.26778, screen 0.15226 to screen 0.28556, screen 0.12757 fs solid noborder fc rgb '#009e73' front
set label 19 'committing' at screen 0.30333, screen 0.13992 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set object 19 rectangle from screen 0.50889, screen 0.19342 to screen 0.52667, screen 0.16872 fs solid noborder fc rgb '#d55e00' front
set label 21 'checkpoint' at screen 0.54444, screen 0.18107 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set multiplot
set lmargin at screen 0.07667
set rmargin at screen 0.48667
set tmargin at screen 0.81893
set bmargin at screen 0.72428
unset grid
set grid xtics lc rgb '#dddddd' lw 0.6 dt solid
set xrange [0:1.35458513]
set xtics ('0' 0.0, '0.5' 0.5, '1' 1.0)
set yrange [1.6:-0.6]
set ytics ('NORMAL' 0, 'FULL' 1) noenhanced
plot 'phases.dat' index 0 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#e69f00' notitle, \
  'phases.dat' index 1 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#0072b2' notitle, \
  'phases.dat' index 2 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#009e73' notitle
unset label
unset arrow
unset object
set lmargin at screen 0.55889
set rmargin at screen 0.96889
set tmargin at screen 0.81893
set bmargin at screen 0.72428
unset grid
set grid xtics lc rgb '#dddddd' lw 0.6 dt solid
set xrange [0:5.72090586]
set xtics ('0' 0.0, '2' 2.0, '4' 4.0)
set yrange [1.6:-0.6]
set ytics ('NORMAL' 0, 'FULL' 1) noenhanced
plot 'phases.dat' index 3 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#e69f00' notitle, \
  'phases.dat' index 4 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#0072b2' notitle, \
  'phases.dat' index 5 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#009e73' notitle
set lmargin at screen 0.07667
set rmargin at screen 0.48667
set tmargin at screen 0.60905
set bmargin at screen 0.51440
unset grid
set grid xtics lc rgb '#dddddd' lw 0.6 dt solid
set xrange [0:2.62996944]
set xtics ('0' 0.0, '1' 1.0, '2' 2.0)
set yrange [1.6:-0.6]
set ytics ('NORMAL' 0, 'FULL' 1) noenhanced
plot 'phases.dat' index 6 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#cc79a7' notitle, \
  'phases.dat' index 7 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#e69f00' notitle, \
  'phases.dat' index 8 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#0072b2' notitle, \
  'phases.dat' index 9 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#009e73' notitle
set lmargin at screen 0.55889
set rmargin at screen 0.96889
set tmargin at screen 0.60905
set bmargin at screen 0.51440
unset grid
set grid xtics lc rgb '#dddddd' lw 0.6 dt solid
set xrange [0:5.22417851]
set xtics ('0' 0.0, '2' 2.0, '4' 4.0)
set yrange [1.6:-0.6]
set ytics ('NORMAL' 0, 'FULL' 1) noenhanced
plot 'phases.dat' index 10 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#cc79a7' notitle, \
  'phases.dat' index 11 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#e69f00' notitle, \
  'phases.dat' index 12 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#0072b2' notitle, \
  'phases.dat' index 13 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#009e73' notitle
set lmargin at screen 0.07667
set rmargin at screen 0.48667
set tmargin at screen 0.39918
set bmargin at screen 0.30453
unset grid
set grid xtics lc rgb '#dddddd' lw 0.6 dt solid
set xrange [0:1.28108526]
set xtics ('0' 0.0, '0.5' 0.5, '1' 1.0)
set yrange [1.6:-0.6]
set ytics ('NORMAL' 0, 'FULL' 1) noenhanced
plot 'phases.dat' index 14 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#e69f00' notitle, \
  'phases.dat' index 15 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#0072b2' notitle, \
  'phases.dat' index 16 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#009e73' notitle
set lmargin at screen 0.55889
set rmargin at screen 0.96889
set tmargin at screen 0.39918
set bmargin at screen 0.30453
unset grid
set grid xtics lc rgb '#dddddd' lw 0.6 dt solid
set xrange [0:5.71822247]
set xtics ('0' 0.0, '2' 2.0, '4' 4.0)
set yrange [1.6:-0.6]
set ytics ('NORMAL' 0, 'FULL' 1) noenhanced
plot 'phases.dat' index 17 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#e69f00' notitle, \
  'phases.dat' index 18 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#0072b2' notitle, \
  'phases.dat' index 19 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#009e73' notitle
unset multiplot
unset output
