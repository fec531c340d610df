# Run `gnuplot phases.gp` in this directory to draw the picture again.
set encoding utf8
set terminal svg size 900,1326 fixed enhanced font 'sans-serif,11' background rgb '#ffffff'
set output 'phases.svg'
unset key
set border 3 lc rgb '#888888' lw 0.8
set tics nomirror scale 0.5 noenhanced textcolor rgb '#222222'
set grid xtics ytics lc rgb '#dddddd' lw 0.6 dt solid
set label 1 '{/:Bold Where the time goes: phases near the median and near the p99}' at screen 0.01778, screen 0.98341 left font 'sans-serif,16' tc rgb '#222222'
set label 2 'means of operations of about that latency, median of 3 repeats; 16 of 40 cells' at screen 0.01778, screen 0.96682 left noenhanced font 'sans-serif,12' tc rgb '#666666'
set label 3 'run reference-lease-faults · commit 2c0c364a10 · SQLite 3.40.1 · PRAGMAs 62c2dceee780 · median of 3 repeats · seed 23' at screen 0.01778, screen 0.02564 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 4 'AMD EPYC · 2 cores · ext4' at screen 0.01778, screen 0.01433 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 5 'claim, near p50, µs' at screen 0.23000, screen 0.94268 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 6 'claim, near p99, µs' at screen 0.71222, screen 0.94268 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 7 'enqueue, near p50, µs' at screen 0.23000, screen 0.65460 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 8 'enqueue, near p99, µs' at screen 0.71222, screen 0.65460 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 9 'complete, near p50, µs' at screen 0.23000, screen 0.36652 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 10 'complete, near p99, µs' at screen 0.71222, screen 0.36652 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 11 'phase, from left to right' at screen 0.01778, screen 0.08145 left noenhanced font 'sans-serif,11' tc rgb '#666666'
set object 11 rectangle from screen 0.02667, screen 0.07089 to screen 0.04444, screen 0.06184 fs solid noborder fc rgb '#cc79a7' front
set label 13 'late start' at screen 0.06222, screen 0.06637 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set object 13 rectangle from screen 0.02667, screen 0.05581 to screen 0.04444, screen 0.04676 fs solid noborder fc rgb '#e69f00' front
set label 15 'waiting for the lock' at screen 0.06222, screen 0.05128 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set object 15 rectangle from screen 0.26778, screen 0.07089 to screen 0.28556, screen 0.06184 fs solid noborder fc rgb '#0072b2' front
set label 17 'executing' at screen 0.30333, screen 0.06637 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set object 17 rectangle from screen 0.26778, screen 0.05581 to screen 0.28556, screen 0.04676 fs solid noborder fc rgb '#009e73' front
set label 19 'committing' at screen 0.30333, screen 0.05128 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set object 19 rectangle from screen 0.50889, screen 0.07089 to screen 0.52667, screen 0.06184 fs solid noborder fc rgb '#d55e00' front
set label 21 'checkpoint' at screen 0.54444, screen 0.06637 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set multiplot
set lmargin at screen 0.23000
set rmargin at screen 0.48667
set tmargin at screen 0.93363
set bmargin at screen 0.68778
unset grid
set grid xtics lc rgb '#dddddd' lw 0.6 dt solid
set xrange [0:216.24742]
set xtics ('0' 0.0, '100' 100.0, '200' 200.0)
set yrange [15.6:-0.6]
set ytics ('kill(every=250ms)…newal 0s' 0, 'stop(every=750ms …newal 0s' 1, 'kill(every=250ms)…newal 0s' 2, 'stop(every=750ms …newal 0s' 3, 'stop(every=750ms …newal 0s' 4, 'stop(every=750ms …al 100ms' 5, 'kill(every=250ms)…al 100ms' 6, 'kill(every=250ms)…al 100ms' 7, 'kill(every=250ms)…newal 0s' 8, 'kill(every=250ms)…al 100ms' 9, 'kill(every=250ms)…newal 0s' 10, 'kill(every=250ms)…al 100ms' 11, 'kill(every=250ms)…newal 0s' 12, 'kill(every=250ms)…al 100ms' 13, 'kill(every=250ms)…newal 0s' 14, 'kill(every=250ms)…al 100ms' 15) noenhanced
plot 'phases.dat' index 0 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#e69f00' notitle, \
  'phases.dat' index 1 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#0072b2' notitle, \
  'phases.dat' index 2 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#009e73' notitle
unset label
unset arrow
unset object
set lmargin at screen 0.71222
set rmargin at screen 0.96889
set tmargin at screen 0.93363
set bmargin at screen 0.68778
unset grid
set grid xtics lc rgb '#dddddd' lw 0.6 dt solid
set xrange [0:1.06]
set xtics ('0' 0.0, '0.5' 0.5, '1' 1.0)
set yrange [15.6:-0.6]
set ytics ('kill(every=250ms)…newal 0s' 0, 'stop(every=750ms …newal 0s' 1, 'kill(every=250ms)…newal 0s' 2, 'stop(every=750ms …newal 0s' 3, 'stop(every=750ms …newal 0s' 4, 'stop(every=750ms …al 100ms' 5, 'kill(every=250ms)…al 100ms' 6, 'kill(every=250ms)…al 100ms' 7, 'kill(every=250ms)…newal 0s' 8, 'kill(every=250ms)…al 100ms' 9, 'kill(every=250ms)…newal 0s' 10, 'kill(every=250ms)…al 100ms' 11, 'kill(every=250ms)…newal 0s' 12, 'kill(every=250ms)…al 100ms' 13, 'kill(every=250ms)…newal 0s' 14, 'kill(every=250ms)…al 100ms' 15) noenhanced
plot NaN notitle
set lmargin at screen 0.23000
set rmargin at screen 0.48667
set tmargin at screen 0.64555
set bmargin at screen 0.39970
unset grid
set grid xtics lc rgb '#dddddd' lw 0.6 dt solid
set xrange [0:301.19158]
set xtics ('0' 0.0, '200' 200.0)
set yrange [15.6:-0.6]
set ytics ('kill(every=250ms)…newal 0s' 0, 'stop(every=750ms …newal 0s' 1, 'kill(every=250ms)…newal 0s' 2, 'stop(every=750ms …newal 0s' 3, 'stop(every=750ms …newal 0s' 4, 'stop(every=750ms …al 100ms' 5, 'kill(every=250ms)…al 100ms' 6, 'kill(every=250ms)…al 100ms' 7, 'kill(every=250ms)…newal 0s' 8, 'kill(every=250ms)…al 100ms' 9, 'kill(every=250ms)…newal 0s' 10, 'kill(every=250ms)…al 100ms' 11, 'kill(every=250ms)…newal 0s' 12, 'kill(every=250ms)…al 100ms' 13, 'kill(every=250ms)…newal 0s' 14, 'kill(every=250ms)…al 100ms' 15) noenhanced
plot 'phases.dat' index 3 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#cc79a7' notitle, \
  'phases.dat' index 4 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#e69f00' notitle, \
  'phases.dat' index 5 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#0072b2' notitle, \
  'phases.dat' index 6 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#009e73' notitle
set lmargin at screen 0.71222
set rmargin at screen 0.96889
set tmargin at screen 0.64555
set bmargin at screen 0.39970
unset grid
set grid xtics lc rgb '#dddddd' lw 0.6 dt solid
set xrange [0:1.06]
set xtics ('0' 0.0, '0.5' 0.5, '1' 1.0)
set yrange [15.6:-0.6]
set ytics ('kill(every=250ms)…newal 0s' 0, 'stop(every=750ms …newal 0s' 1, 'kill(every=250ms)…newal 0s' 2, 'stop(every=750ms …newal 0s' 3, 'stop(every=750ms …newal 0s' 4, 'stop(every=750ms …al 100ms' 5, 'kill(every=250ms)…al 100ms' 6, 'kill(every=250ms)…al 100ms' 7, 'kill(every=250ms)…newal 0s' 8, 'kill(every=250ms)…al 100ms' 9, 'kill(every=250ms)…newal 0s' 10, 'kill(every=250ms)…al 100ms' 11, 'kill(every=250ms)…newal 0s' 12, 'kill(every=250ms)…al 100ms' 13, 'kill(every=250ms)…newal 0s' 14, 'kill(every=250ms)…al 100ms' 15) noenhanced
plot NaN notitle
set lmargin at screen 0.23000
set rmargin at screen 0.48667
set tmargin at screen 0.35747
set bmargin at screen 0.11161
unset grid
set grid xtics lc rgb '#dddddd' lw 0.6 dt solid
set xrange [0:171.45712]
set xtics ('0' 0.0, '100' 100.0)
set yrange [15.6:-0.6]
set ytics ('kill(every=250ms)…newal 0s' 0, 'stop(every=750ms …newal 0s' 1, 'kill(every=250ms)…newal 0s' 2, 'stop(every=750ms …newal 0s' 3, 'stop(every=750ms …newal 0s' 4, 'stop(every=750ms …al 100ms' 5, 'kill(every=250ms)…al 100ms' 6, 'kill(every=250ms)…al 100ms' 7, 'kill(every=250ms)…newal 0s' 8, 'kill(every=250ms)…al 100ms' 9, 'kill(every=250ms)…newal 0s' 10, 'kill(every=250ms)…al 100ms' 11, 'kill(every=250ms)…newal 0s' 12, 'kill(every=250ms)…al 100ms' 13, 'kill(every=250ms)…newal 0s' 14, 'kill(every=250ms)…al 100ms' 15) noenhanced
plot 'phases.dat' index 7 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#e69f00' notitle, \
  'phases.dat' index 8 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#0072b2' notitle, \
  'phases.dat' index 9 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#009e73' notitle
set lmargin at screen 0.71222
set rmargin at screen 0.96889
set tmargin at screen 0.35747
set bmargin at screen 0.11161
unset grid
set grid xtics lc rgb '#dddddd' lw 0.6 dt solid
set xrange [0:1.06]
set xtics ('0' 0.0, '0.5' 0.5, '1' 1.0)
set yrange [15.6:-0.6]
set ytics ('kill(every=250ms)…newal 0s' 0, 'stop(every=750ms …newal 0s' 1, 'kill(every=250ms)…newal 0s' 2, 'stop(every=750ms …newal 0s' 3, 'stop(every=750ms …newal 0s' 4, 'stop(every=750ms …al 100ms' 5, 'kill(every=250ms)…al 100ms' 6, 'kill(every=250ms)…al 100ms' 7, 'kill(every=250ms)…newal 0s' 8, 'kill(every=250ms)…al 100ms' 9, 'kill(every=250ms)…newal 0s' 10, 'kill(every=250ms)…al 100ms' 11, 'kill(every=250ms)…newal 0s' 12, 'kill(every=250ms)…al 100ms' 13, 'kill(every=250ms)…newal 0s' 14, 'kill(every=250ms)…al 100ms' 15) noenhanced
plot NaN notitle
unset multiplot
unset output
