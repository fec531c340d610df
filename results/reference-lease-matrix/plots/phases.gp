# Run `gnuplot phases.gp` in this directory to draw the picture again.
set encoding utf8
set terminal svg size 900,1086 fixed enhanced font 'sans-serif,11' background rgb '#ffffff'
set output 'phases.svg'
unset key
set border 3 lc rgb '#888888' lw 0.8
set tics nomirror scale 0.5 noenhanced textcolor rgb '#222222'
set grid xtics ytics lc rgb '#dddddd' lw 0.6 dt solid
set label 1 '{/:Bold Where the time goes: phases near the median and near the p99}' at screen 0.01778, screen 0.97974 left font 'sans-serif,16' tc rgb '#222222'
set label 2 'means of operations of about that latency, median of 3 repeats' at screen 0.01778, screen 0.95948 left noenhanced font 'sans-serif,12' tc rgb '#666666'
set label 3 'run reference-lease-matrix · commit 089ed4d720 · SQLite 3.40.1 · PRAGMAs 62c2dceee780 · median of 3 repeats · seed 42' at screen 0.01778, screen 0.03131 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 4 'AMD EPYC · 2 cores · ext4' at screen 0.01778, screen 0.01750 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 5 'claim, near p50, µs' at screen 0.23000, screen 0.93002 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 6 'claim, near p99, µs' at screen 0.71222, screen 0.93002 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 7 'enqueue, near p50, µs' at screen 0.23000, screen 0.65193 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 8 'enqueue, near p99, µs' at screen 0.71222, screen 0.65193 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 9 'complete, near p50, µs' at screen 0.23000, screen 0.37385 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 10 'complete, near p99, µs' at screen 0.71222, screen 0.37385 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 11 'phase, from left to right' at screen 0.01778, screen 0.09945 left noenhanced font 'sans-serif,11' tc rgb '#666666'
set object 11 rectangle from screen 0.02667, screen 0.08656 to screen 0.04444, screen 0.07551 fs solid noborder fc rgb '#cc79a7' front
set label 13 'late start' at screen 0.06222, screen 0.08103 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set object 13 rectangle from screen 0.02667, screen 0.06814 to screen 0.04444, screen 0.05709 fs solid noborder fc rgb '#e69f00' front
set label 15 'waiting for the lock' at screen 0.06222, screen 0.06262 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set object 15 rectangle from screen 0.26778, screen 0.08656 to screen 0.28556, screen 0.07551 fs solid noborder fc rgb '#0072b2' front
set label 17 'executing' at screen 0.30333, screen 0.08103 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set object 17 rectangle from screen 0.26778, screen 0.06814 to screen 0.28556, screen 0.05709 fs solid noborder fc rgb '#009e73' front
set label 19 'committing' at screen 0.30333, screen 0.06262 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set object 19 rectangle from screen 0.50889, screen 0.08656 to screen 0.52667, screen 0.07551 fs solid noborder fc rgb '#d55e00' front
set label 21 'checkpoint' at screen 0.54444, screen 0.08103 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set multiplot
set lmargin at screen 0.23000
set rmargin at screen 0.48667
set tmargin at screen 0.91897
set bmargin at screen 0.69245
unset grid
set grid xtics lc rgb '#dddddd' lw 0.6 dt solid
set xrange [0:160.46916]
set xtics ('0' 0.0, '100' 100.0)
set yrange [11.6:-0.6]
set ytics ('lease 25ms, work_time 1ms' 0, 'lease 25ms, work_time 10ms' 1, 'lease 25ms, work_time 50ms' 2, 'lease 100ms, work_time 1ms' 3, 'lease 100ms, work…ime 10ms' 4, 'lease 100ms, work…ime 50ms' 5, 'lease 1s, work_time 1ms' 6, 'lease 1s, work_time 10ms' 7, 'lease 1s, work_time 50ms' 8, 'lease 30s, work_time 1ms' 9, 'lease 30s, work_time 10ms' 10, 'lease 30s, work_time 50ms' 11) noenhanced
plot 'phases.dat' index 0 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#e69f00' notitle, \
  'phases.dat' index 1 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#0072b2' notitle, \
  'phases.dat' index 2 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#009e73' notitle
unset label
unset arrow
unset object
set lmargin at screen 0.71222
set rmargin at screen 0.96889
set tmargin at screen 0.91897
set bmargin at screen 0.69245
unset grid
set grid xtics lc rgb '#dddddd' lw 0.6 dt solid
set xrange [0:319.29956]
set xtics ('0' 0.0, '200' 200.0)
set yrange [11.6:-0.6]
set ytics ('lease 25ms, work_time 1ms' 0, 'lease 25ms, work_time 10ms' 1, 'lease 25ms, work_time 50ms' 2, 'lease 100ms, work_time 1ms' 3, 'lease 100ms, work…ime 10ms' 4, 'lease 100ms, work…ime 50ms' 5, 'lease 1s, work_time 1ms' 6, 'lease 1s, work_time 10ms' 7, 'lease 1s, work_time 50ms' 8, 'lease 30s, work_time 1ms' 9, 'lease 30s, work_time 10ms' 10, 'lease 30s, work_time 50ms' 11) noenhanced
plot 'phases.dat' index 3 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#e69f00' notitle, \
  'phases.dat' index 4 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#0072b2' notitle, \
  'phases.dat' index 5 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#009e73' notitle
set lmargin at screen 0.23000
set rmargin at screen 0.48667
set tmargin at screen 0.64088
set bmargin at screen 0.41436
unset grid
set grid xtics lc rgb '#dddddd' lw 0.6 dt solid
set xrange [0:246.85068]
set xtics ('0' 0.0, '100' 100.0, '200' 200.0)
set yrange [11.6:-0.6]
set ytics ('lease 25ms, work_time 1ms' 0, 'lease 25ms, work_time 10ms' 1, 'lease 25ms, work_time 50ms' 2, 'lease 100ms, work_time 1ms' 3, 'lease 100ms, work…ime 10ms' 4, 'lease 100ms, work…ime 50ms' 5, 'lease 1s, work_time 1ms' 6, 'lease 1s, work_time 10ms' 7, 'lease 1s, work_time 50ms' 8, 'lease 30s, work_time 1ms' 9, 'lease 30s, work_time 10ms' 10, 'lease 30s, work_time 50ms' 11) noenhanced
plot 'phases.dat' index 6 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#cc79a7' notitle, \
  'phases.dat' index 7 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#e69f00' notitle, \
  'phases.dat' index 8 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#0072b2' notitle, \
  'phases.dat' index 9 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#009e73' notitle
set lmargin at screen 0.71222
set rmargin at screen 0.96889
set tmargin at screen 0.64088
set bmargin at screen 0.41436
unset grid
set grid xtics lc rgb '#dddddd' lw 0.6 dt solid
set xrange [0:1.06]
set xtics ('0' 0.0, '0.5' 0.5, '1' 1.0)
set yrange [11.6:-0.6]
set ytics ('lease 25ms, work_time 1ms' 0, 'lease 25ms, work_time 10ms' 1, 'lease 25ms, work_time 50ms' 2, 'lease 100ms, work_time 1ms' 3, 'lease 100ms, work…ime 10ms' 4, 'lease 100ms, work…ime 50ms' 5, 'lease 1s, work_time 1ms' 6, 'lease 1s, work_time 10ms' 7, 'lease 1s, work_time 50ms' 8, 'lease 30s, work_time 1ms' 9, 'lease 30s, work_time 10ms' 10, 'lease 30s, work_time 50ms' 11) noenhanced
plot NaN notitle
set lmargin at screen 0.23000
set rmargin at screen 0.48667
set tmargin at screen 0.36280
set bmargin at screen 0.13628
unset grid
set grid xtics lc rgb '#dddddd' lw 0.6 dt solid
set xrange [0:101.389]
set xtics ('0' 0.0, '50' 50.0, '100' 100.0)
set yrange [11.6:-0.6]
set ytics ('lease 25ms, work_time 1ms' 0, 'lease 25ms, work_time 10ms' 1, 'lease 25ms, work_time 50ms' 2, 'lease 100ms, work_time 1ms' 3, 'lease 100ms, work…ime 10ms' 4, 'lease 100ms, work…ime 50ms' 5, 'lease 1s, work_time 1ms' 6, 'lease 1s, work_time 10ms' 7, 'lease 1s, work_time 50ms' 8, 'lease 30s, work_time 1ms' 9, 'lease 30s, work_time 10ms' 10, 'lease 30s, work_time 50ms' 11) noenhanced
plot 'phases.dat' index 10 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#e69f00' notitle, \
  'phases.dat' index 11 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#0072b2' notitle, \
  'phases.dat' index 12 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#009e73' notitle
set lmargin at screen 0.71222
set rmargin at screen 0.96889
set tmargin at screen 0.36280
set bmargin at screen 0.13628
unset grid
set grid xtics lc rgb '#dddddd' lw 0.6 dt solid
set xrange [0:342.64394]
set xtics ('0' 0.0, '200' 200.0)
set yrange [11.6:-0.6]
set ytics ('lease 25ms, work_time 1ms' 0, 'lease 25ms, work_time 10ms' 1, 'lease 25ms, work_time 50ms' 2, 'lease 100ms, work_time 1ms' 3, 'lease 100ms, work…ime 10ms' 4, 'lease 100ms, work…ime 50ms' 5, 'lease 1s, work_time 1ms' 6, 'lease 1s, work_time 10ms' 7, 'lease 1s, work_time 50ms' 8, 'lease 30s, work_time 1ms' 9, 'lease 30s, work_time 10ms' 10, 'lease 30s, work_time 50ms' 11) noenhanced
plot 'phases.dat' index 13 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#e69f00' notitle, \
  'phases.dat' index 14 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#0072b2' notitle, \
  'phases.dat' index 15 using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs solid noborder lc rgb '#009e73' notitle
unset multiplot
unset output
