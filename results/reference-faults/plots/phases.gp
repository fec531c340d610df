# Run `gnuplot phases.gp` in this directory to draw the picture again.
set encoding utf8
set terminal svg size 900,966 fixed enhanced font 'sans-serif,11' background rgb '#ffffff'
set output 'phases.svg'
unset key
set border 3 lc rgb '#888888' lw 0.8
set tics nomirror scale 0.5 noenhanced textcolor rgb '#222222'
set grid xtics ytics lc rgb '#dddddd' lw 0.6 dt solid
set label 1 '{/:Bold Where the time goes: phases near the median and near the p99}' at screen 0.01778, screen 0.97723 left font 'sans-serif,16' tc rgb '#222222'
set label 2 'means of operations of about that latency, median of 3 repeats' at screen 0.01778, screen 0.95445 left noenhanced font 'sans-serif,12' tc rgb '#666666'
set label 3 'run reference-faults · commit 2c0c364a10 · SQLite 3.40.1 · PRAGMAs ead9584bafe5 · median of 3 repeats · seed 17' at screen 0.01778, screen 0.03520 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 4 'AMD EPYC · 2 cores · ext4' at screen 0.01778, screen 0.01967 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 5 'claim, near p50, µs' at screen 0.21444, screen 0.92133 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 6 'claim, near p99, ms' at screen 0.69667, screen 0.92133 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 7 'enqueue, near p50, µs' at screen 0.21444, screen 0.65010 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 8 'enqueue, near p99, ms' at screen 0.69667, screen 0.65010 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 9 'complete, near p50, µs' at screen 0.21444, screen 0.37888 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 10 'complete, near p99, ms' at screen 0.69667, screen 0.37888 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 11 'phase, from left to right' at screen 0.01778, screen 0.11180 left noenhanced font 'sans-serif,11' tc rgb '#666666'
set object 11 rectangle from screen 0.02667, screen 0.09731 to screen 0.04444, screen 0.08489 fs solid noborder fc rgb '#cc79a7' front
set label 13 'late start' at screen 0.06222, screen 0.09110 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set object 13 rectangle from screen 0.02667, screen 0.07660 to screen 0.04444, screen 0.06418 fs solid noborder fc rgb '#e69f00' front
set label 15 'waiting for the lock' at screen 0.06222, screen 0.07039 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set object 15 rectangle from screen 0.26778, screen 0.09731 to screen 0.28556, screen 0.08489 fs solid noborder fc rgb '#0072b2' front
set label 17 'executing' at screen 0.30333, screen 0.09110 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set object 17 rectangle from screen 0.26778, screen 0.07660 to screen 0.28556, screen 0.06418 fs solid noborder fc rgb '#009e73' front
set label 19 'committing' at screen 0.30333, screen 0.07039 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set object 19 rectangle from screen 0.50889, screen 0.09731 to screen 0.52667, screen 0.08489 fs solid noborder fc rgb '#d55e00' front
set label 21 'checkpoint' at screen 0.54444, screen 0.09110 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set multiplot
set lmargin at screen 0.21444
set rmargin at screen 0.48667
set tmargin at screen 0.90890
set bmargin at screen 0.69565
unset grid
set grid xtics lc rgb '#dddddd' lw 0.6 dt solid
set xrange [0:338.13788]
set xtics ('0' 0.0, '200' 200.0)
set yrange [9.6:-0.6]
set ytics ('none' 0, 'kill(every=100ms)' 1, 'stop(every=1s for=800ms)' 2, 'reader' 3, 'writer' 4, 'disk_full' 5, 'io_error' 6, 'clock' 7, 'backup' 8, 'vacuum' 9) noenhanced
plot 'phases.dat' index 0 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#e69f00' notitle, \
  'phases.dat' index 1 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#0072b2' notitle, \
  'phases.dat' index 2 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#009e73' notitle
unset label
unset arrow
unset object
set lmargin at screen 0.69667
set rmargin at screen 0.96889
set tmargin at screen 0.90890
set bmargin at screen 0.69565
unset grid
set grid xtics lc rgb '#dddddd' lw 0.6 dt solid
set xrange [0:1.93496534]
set xtics ('0' 0.0, '1' 1.0)
set yrange [9.6:-0.6]
set ytics ('none' 0, 'kill(every=100ms)' 1, 'stop(every=1s for=800ms)' 2, 'reader' 3, 'writer' 4, 'disk_full' 5, 'io_error' 6, 'clock' 7, 'backup' 8, 'vacuum' 9) noenhanced
plot 'phases.dat' index 3 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#e69f00' notitle, \
  'phases.dat' index 4 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#0072b2' notitle, \
  'phases.dat' index 5 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#009e73' notitle
set lmargin at screen 0.21444
set rmargin at screen 0.48667
set tmargin at screen 0.63768
set bmargin at screen 0.42443
unset grid
set grid xtics lc rgb '#dddddd' lw 0.6 dt solid
set xrange [0:567.84412]
set xtics ('0' 0.0, '200' 200.0, '400' 400.0)
set yrange [9.6:-0.6]
set ytics ('none' 0, 'kill(every=100ms)' 1, 'stop(every=1s for=800ms)' 2, 'reader' 3, 'writer' 4, 'disk_full' 5, 'io_error' 6, 'clock' 7, 'backup' 8, 'vacuum' 9) noenhanced
plot 'phases.dat' index 6 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#cc79a7' notitle, \
  'phases.dat' index 7 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#e69f00' notitle, \
  'phases.dat' index 8 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#0072b2' notitle, \
  'phases.dat' index 9 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#009e73' notitle
set lmargin at screen 0.69667
set rmargin at screen 0.96889
set tmargin at screen 0.63768
set bmargin at screen 0.42443
unset grid
set grid xtics lc rgb '#dddddd' lw 0.6 dt solid
set xrange [0:4.57465927]
set xtics ('0' 0.0, '2' 2.0)
set yrange [9.6:-0.6]
set ytics ('none' 0, 'kill(every=100ms)' 1, 'stop(every=1s for=800ms)' 2, 'reader' 3, 'writer' 4, 'disk_full' 5, 'io_error' 6, 'clock' 7, 'backup' 8, 'vacuum' 9) noenhanced
plot 'phases.dat' index 10 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#cc79a7' notitle, \
  'phases.dat' index 11 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#e69f00' notitle, \
  'phases.dat' index 12 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#0072b2' notitle, \
  'phases.dat' index 13 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#009e73' notitle, \
  'phases.dat' index 14 using 2:1:3 with labels left offset 0.3,0 noenhanced font 'sans-serif,10' tc rgb '#222222' notitle
set lmargin at screen 0.21444
set rmargin at screen 0.48667
set tmargin at screen 0.36646
set bmargin at screen 0.15321
unset grid
set grid xtics lc rgb '#dddddd' lw 0.6 dt solid
set xrange [0:218.57624]
set xtics ('0' 0.0, '100' 100.0, '200' 200.0)
set yrange [9.6:-0.6]
set ytics ('none' 0, 'kill(every=100ms)' 1, 'stop(every=1s for=800ms)' 2, 'reader' 3, 'writer' 4, 'disk_full' 5, 'io_error' 6, 'clock' 7, 'backup' 8, 'vacuum' 9) noenhanced
plot 'phases.dat' index 15 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#e69f00' notitle, \
  'phases.dat' index 16 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#0072b2' notitle, \
  'phases.dat' index 17 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#009e73' notitle
set lmargin at screen 0.69667
set rmargin at screen 0.96889
set tmargin at screen 0.36646
set bmargin at screen 0.15321
unset grid
set grid xtics lc rgb '#dddddd' lw 0.6 dt solid
set xrange [0:1.3627572]
set xtics ('0' 0.0, '0.5' 0.5, '1' 1.0)
set yrange [9.6:-0.6]
set ytics ('none' 0, 'kill(every=100ms)' 1, 'stop(every=1s for=800ms)' 2, 'reader' 3, 'writer' 4, 'disk_full' 5, 'io_error' 6, 'clock' 7, 'backup' 8, 'vacuum' 9) noenhanced
plot 'phases.dat' index 18 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#e69f00' notitle, \
  'phases.dat' index 19 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#0072b2' notitle, \
  'phases.dat' index 20 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#009e73' notitle
unset multiplot
unset output
