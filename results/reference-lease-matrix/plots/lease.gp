# Run `gnuplot lease.gp` in this directory to draw the picture again.
set encoding utf8
set terminal svg size 900,480 fixed enhanced font 'sans-serif,11' background rgb '#ffffff'
set output 'lease.svg'
unset key
set border 3 lc rgb '#888888' lw 0.8
set tics nomirror scale 0.5 noenhanced textcolor rgb '#222222'
set grid xtics ytics lc rgb '#dddddd' lw 0.6 dt solid
set label 1 '{/:Bold Leases: repeated deliveries and how fast a lost task is taken over}' at screen 0.01778, screen 0.95417 left font 'sans-serif,16' tc rgb '#222222'
set label 2 'median of 3 repeats, bars min–max; lower is better' at screen 0.01778, screen 0.90833 left noenhanced font 'sans-serif,12' tc rgb '#666666'
set label 3 'run reference-lease-matrix · commit 089ed4d720 · SQLite 3.40.1 · PRAGMAs 62c2dceee780 · median of 3 repeats · seed 42' at screen 0.01778, screen 0.07083 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 4 'AMD EPYC · 2 cores · ext4' at screen 0.01778, screen 0.03958 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 5 'claims that took a task over, %' at screen 0.08667, screen 0.84167 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 6 'reclaim latency p99' at screen 0.56889, screen 0.84167 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 7 'work_time' at screen 0.01778, screen 0.18333 left noenhanced font 'sans-serif,11' tc rgb '#666666'
set arrow from screen 0.01778, screen 0.14167 to screen 0.05333, screen 0.14167 nohead dt solid lw 1.8 lc rgb '#0072b2'
set label 8 '' at screen 0.03556, screen 0.14167 point pt 7 ps 0.7 lw 1 lc rgb '#0072b2'
set label 9 '1ms' at screen 0.06222, screen 0.14167 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set arrow from screen 0.33889, screen 0.14167 to screen 0.37444, screen 0.14167 nohead dt solid lw 1.82 lc rgb '#d55e00'
set label 10 '' at screen 0.35667, screen 0.14167 point pt 5 ps 0.7 lw 1 lc rgb '#d55e00'
set label 11 '10ms' at screen 0.38333, screen 0.14167 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set arrow from screen 0.66000, screen 0.14167 to screen 0.69556, screen 0.14167 nohead dt solid lw 1.8 lc rgb '#009e73'
set label 12 '' at screen 0.67778, screen 0.14167 point pt 9 ps 0.7 lw 1 lc rgb '#009e73'
set label 13 '50ms' at screen 0.70444, screen 0.14167 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set multiplot
set lmargin at screen 0.08667
set rmargin at screen 0.48667
set tmargin at screen 0.81667
set bmargin at screen 0.29583
unset logscale
set logscale x
unset logscale y
set xrange [16.337632918704227:45906.28298064884]
set xtics ('25 ms' 25.0, '100 ms' 100.0, '1 s' 1000.0, '30 s' 30000.0)
set xlabel 'lease' offset 0,0.7 noenhanced textcolor rgb '#666666'
set yrange [0.0:84.473414]
set ytics ('0' 0.0, '20' 20.0, '40' 40.0, '60' 60.0, '80' 80.0)
plot 'lease.dat' index 0 using 1:3:(0):($4-$3) with vectors heads size screen 0.0035,90 dt solid lw 1 lc rgb '#0072b2' notitle, \
  'lease.dat' index 0 using 1:2 with linespoints lw 1.8 lc rgb '#0072b2' dt solid pt 7 ps 0.6 notitle, \
  'lease.dat' index 1 using 1:3:(0):($4-$3) with vectors heads size screen 0.0035,90 dt solid lw 1 lc rgb '#d55e00' notitle, \
  'lease.dat' index 1 using 1:2 with linespoints lw 1.8 lc rgb '#d55e00' dt solid pt 5 ps 0.6 notitle, \
  'lease.dat' index 2 using 1:3:(0):($4-$3) with vectors heads size screen 0.0035,90 dt solid lw 1 lc rgb '#009e73' notitle, \
  'lease.dat' index 2 using 1:2 with linespoints lw 1.8 lc rgb '#009e73' dt solid pt 9 ps 0.6 notitle
unset label
unset arrow
unset object
set lmargin at screen 0.56889
set rmargin at screen 0.96889
set tmargin at screen 0.81667
set bmargin at screen 0.29583
unset logscale
set logscale x
set logscale y
set xrange [16.337632918704227:45906.28298064884]
set xtics ('25 ms' 25.0, '100 ms' 100.0, '1 s' 1000.0, '30 s' 30000.0)
set xlabel 'lease' offset 0,0.7 noenhanced textcolor rgb '#666666'
set yrange [20000.0:50000.0]
set ytics ('20 ms' 20000.0, '50 ms' 50000.0)
plot 'lease.dat' index 3 using 1:3:(0):($4-$3) with vectors heads size screen 0.0035,90 dt solid lw 1 lc rgb '#009e73' notitle, \
  'lease.dat' index 3 using 1:2 with linespoints lw 1.8 lc rgb '#009e73' dt solid pt 9 ps 0.6 notitle
unset multiplot
unset output
