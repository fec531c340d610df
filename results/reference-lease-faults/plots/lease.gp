# Run `gnuplot lease.gp` in this directory to draw the picture again.
set encoding utf8
set terminal svg size 900,868 fixed enhanced font 'sans-serif,11' background rgb '#ffffff'
set output 'lease.svg'
unset key
set border 3 lc rgb '#888888' lw 0.8
set tics nomirror scale 0.5 noenhanced textcolor rgb '#222222'
set grid xtics ytics lc rgb '#dddddd' lw 0.6 dt solid
set label 1 '{/:Bold Leases: repeated deliveries and how fast a lost task is taken over}' at screen 0.01778, screen 0.97465 left font 'sans-serif,16' tc rgb '#222222'
set label 2 'median of 3 repeats, bars min–max; lower is better' at screen 0.01778, screen 0.94931 left noenhanced font 'sans-serif,12' tc rgb '#666666'
set label 3 'run reference-lease-faults · commit 2c0c364a10 · SQLite 3.40.1 · PRAGMAs 62c2dceee780 · median of 3 repeats · seed 23' at screen 0.01778, screen 0.03917 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 4 'AMD EPYC · 2 cores · ext4' at screen 0.01778, screen 0.02189 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 5 'faults = kill(every=250ms)' at screen 0.01778, screen 0.90783 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 6 'delivered again, % of claims' at screen 0.08667, screen 0.88479 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 7 'work wasted, % of claims' at screen 0.40778, screen 0.88479 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 8 'sign of life to claim, max' at screen 0.72889, screen 0.88479 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 9 'faults = stop(every=750ms for=600ms)' at screen 0.01778, screen 0.51152 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 10 'delivered again, % of claims' at screen 0.08667, screen 0.48848 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 11 'work wasted, % of claims' at screen 0.40778, screen 0.48848 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 12 'sign of life to claim, max' at screen 0.72889, screen 0.48848 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 13 'work_time, renewal' at screen 0.01778, screen 0.12442 left noenhanced font 'sans-serif,11' tc rgb '#666666'
set arrow from screen 0.01778, screen 0.10138 to screen 0.05333, screen 0.10138 nohead dt solid lw 1.8 lc rgb '#0072b2'
set label 14 '' at screen 0.03556, screen 0.10138 point pt 7 ps 0.7 lw 1 lc rgb '#0072b2'
set label 15 'work_time 20ms, renewal 0s' at screen 0.06222, screen 0.10138 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set arrow from screen 0.01778, screen 0.07834 to screen 0.05333, screen 0.07834 nohead dt (9,5) lw 1.82 lc rgb '#0072b2'
set label 16 '' at screen 0.03556, screen 0.07834 point pt 5 ps 0.7 lw 1 lc rgb '#0072b2'
set label 17 'work_time 20ms, renewal 100ms' at screen 0.06222, screen 0.07834 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set arrow from screen 0.33889, screen 0.10138 to screen 0.37444, screen 0.10138 nohead dt solid lw 1.8 lc rgb '#d55e00'
set label 18 '' at screen 0.35667, screen 0.10138 point pt 7 ps 0.7 lw 1 lc rgb '#d55e00'
set label 19 'work_time 300ms, renewal 0s' at screen 0.38333, screen 0.10138 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set arrow from screen 0.33889, screen 0.07834 to screen 0.37444, screen 0.07834 nohead dt (9,5) lw 1.82 lc rgb '#d55e00'
set label 20 '' at screen 0.35667, screen 0.07834 point pt 5 ps 0.7 lw 1 lc rgb '#d55e00'
set label 21 'work_time 300ms, renewal 100ms' at screen 0.38333, screen 0.07834 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set multiplot
set lmargin at screen 0.08667
set rmargin at screen 0.32556
set tmargin at screen 0.87097
set bmargin at screen 0.58295
unset logscale
set logscale x
unset logscale y
set xrange [208.8710302708976:5984.554192981184]
set xtics ('250 ms' 250.0, '500 ms' 500.0, '1 s' 1000.0, '2 s' 2000.0, '5 s' 5000.0)
set xlabel 'lease' offset 0,0.7 noenhanced textcolor rgb '#666666'
set yrange [0.0:84.23841200000001]
set ytics ('0' 0.0, '20' 20.0, '40' 40.0, '60' 60.0, '80' 80.0)
plot 'lease.dat' index 0 using 1:3:(0):($4-$3) with vectors heads size screen 0.0035,90 dt solid lw 1 lc rgb '#0072b2' notitle, \
  'lease.dat' index 0 using 1:2 with linespoints lw 1.8 lc rgb '#0072b2' dt solid pt 7 ps 0.6 notitle, \
  'lease.dat' index 1 using 1:3:(0):($4-$3) with vectors heads size screen 0.0035,90 dt solid lw 1 lc rgb '#0072b2' notitle, \
  'lease.dat' index 1 using 1:2 with linespoints lw 1.8 lc rgb '#0072b2' dt (9,5) pt 5 ps 0.6 notitle, \
  'lease.dat' index 2 using 1:3:(0):($4-$3) with vectors heads size screen 0.0035,90 dt solid lw 1 lc rgb '#d55e00' notitle, \
  'lease.dat' index 2 using 1:2 with linespoints lw 1.8 lc rgb '#d55e00' dt solid pt 7 ps 0.6 notitle, \
  'lease.dat' index 3 using 1:3:(0):($4-$3) with vectors heads size screen 0.0035,90 dt solid lw 1 lc rgb '#d55e00' notitle, \
  'lease.dat' index 3 using 1:2 with linespoints lw 1.8 lc rgb '#d55e00' dt (9,5) pt 5 ps 0.6 notitle
unset label
unset arrow
unset object
set lmargin at screen 0.40778
set rmargin at screen 0.64667
set tmargin at screen 0.87097
set bmargin at screen 0.58295
unset logscale
set logscale x
unset logscale y
set xrange [208.8710302708976:5984.554192981184]
set xtics ('250 ms' 250.0, '500 ms' 500.0, '1 s' 1000.0, '2 s' 2000.0, '5 s' 5000.0)
set xlabel 'lease' offset 0,0.7 noenhanced textcolor rgb '#666666'
set yrange [0.0:100.910622]
set ytics ('0' 0.0, '25' 25.0, '50' 50.0, '75' 75.0, '100' 100.0)
plot 'lease.dat' index 4 using 1:3:(0):($4-$3) with vectors heads size screen 0.0035,90 dt solid lw 1 lc rgb '#0072b2' notitle, \
  'lease.dat' index 4 using 1:2 with linespoints lw 1.8 lc rgb '#0072b2' dt solid pt 7 ps 0.6 notitle, \
  'lease.dat' index 5 using 1:3:(0):($4-$3) with vectors heads size screen 0.0035,90 dt solid lw 1 lc rgb '#0072b2' notitle, \
  'lease.dat' index 5 using 1:2 with linespoints lw 1.8 lc rgb '#0072b2' dt (9,5) pt 5 ps 0.6 notitle, \
  'lease.dat' index 6 using 1:3:(0):($4-$3) with vectors heads size screen 0.0035,90 dt solid lw 1 lc rgb '#d55e00' notitle, \
  'lease.dat' index 6 using 1:2 with linespoints lw 1.8 lc rgb '#d55e00' dt solid pt 7 ps 0.6 notitle, \
  'lease.dat' index 7 using 1:3:(0):($4-$3) with vectors heads size screen 0.0035,90 dt solid lw 1 lc rgb '#d55e00' notitle, \
  'lease.dat' index 7 using 1:2 with linespoints lw 1.8 lc rgb '#d55e00' dt (9,5) pt 5 ps 0.6 notitle
set lmargin at screen 0.72889
set rmargin at screen 0.96778
set tmargin at screen 0.87097
set bmargin at screen 0.58295
unset logscale
set logscale x
set logscale y
set xrange [208.8710302708976:5984.554192981184]
set xtics ('250 ms' 250.0, '500 ms' 500.0, '1 s' 1000.0, '2 s' 2000.0, '5 s' 5000.0)
set xlabel 'lease' offset 0,0.7 noenhanced textcolor rgb '#666666'
set yrange [200000.0:10000000.0]
set ytics ('200 ms' 200000.0, '500 ms' 500000.0, '1 s' 1000000.0, '2 s' 2000000.0, '5 s' 5000000.0, '10 s' 10000000.0)
plot 'lease.dat' index 8 using 1:3:(0):($4-$3) with vectors heads size screen 0.0035,90 dt solid lw 1 lc rgb '#0072b2' notitle, \
  'lease.dat' index 8 using 1:2 with linespoints lw 1.8 lc rgb '#0072b2' dt solid pt 7 ps 0.6 notitle, \
  'lease.dat' index 9 using 1:3:(0):($4-$3) with vectors heads size screen 0.0035,90 dt solid lw 1 lc rgb '#0072b2' notitle, \
  'lease.dat' index 9 using 1:2 with linespoints lw 1.8 lc rgb '#0072b2' dt (9,5) pt 5 ps 0.6 notitle, \
  'lease.dat' index 10 using 1:3:(0):($4-$3) with vectors heads size screen 0.0035,90 dt solid lw 1 lc rgb '#d55e00' notitle, \
  'lease.dat' index 10 using 1:2 with linespoints lw 1.8 lc rgb '#d55e00' dt solid pt 7 ps 0.6 notitle, \
  'lease.dat' index 11 using 1:3:(0):($4-$3) with vectors heads size screen 0.0035,90 dt solid lw 1 lc rgb '#d55e00' notitle, \
  'lease.dat' index 11 using 1:2 with linespoints lw 1.8 lc rgb '#d55e00' dt (9,5) pt 5 ps 0.6 notitle
set lmargin at screen 0.08667
set rmargin at screen 0.32556
set tmargin at screen 0.47465
set bmargin at screen 0.18664
unset logscale
set logscale x
unset logscale y
set xrange [208.8710302708976:5984.554192981184]
set xtics ('250 ms' 250.0, '500 ms' 500.0, '1 s' 1000.0, '2 s' 2000.0, '5 s' 5000.0)
set xlabel 'lease' offset 0,0.7 noenhanced textcolor rgb '#666666'
set yrange [0.0:84.23841200000001]
set ytics ('0' 0.0, '20' 20.0, '40' 40.0, '60' 60.0, '80' 80.0)
plot 'lease.dat' index 12 using 1:3:(0):($4-$3) with vectors heads size screen 0.0035,90 dt solid lw 1 lc rgb '#0072b2' notitle, \
  'lease.dat' index 12 using 1:2 with linespoints lw 1.8 lc rgb '#0072b2' dt solid pt 7 ps 0.6 notitle, \
  'lease.dat' index 13 using 1:3:(0):($4-$3) with vectors heads size screen 0.0035,90 dt solid lw 1 lc rgb '#0072b2' notitle, \
  'lease.dat' index 13 using 1:2 with linespoints lw 1.8 lc rgb '#0072b2' dt (9,5) pt 5 ps 0.6 notitle, \
  'lease.dat' index 14 using 1:3:(0):($4-$3) with vectors heads size screen 0.0035,90 dt solid lw 1 lc rgb '#d55e00' notitle, \
  'lease.dat' index 14 using 1:2 with linespoints lw 1.8 lc rgb '#d55e00' dt solid pt 7 ps 0.6 notitle, \
  'lease.dat' index 15 using 1:3:(0):($4-$3) with vectors heads size screen 0.0035,90 dt solid lw 1 lc rgb '#d55e00' notitle, \
  'lease.dat' index 15 using 1:2 with linespoints lw 1.8 lc rgb '#d55e00' dt (9,5) pt 5 ps 0.6 notitle
set lmargin at screen 0.40778
set rmargin at screen 0.64667
set tmargin at screen 0.47465
set bmargin at screen 0.18664
unset logscale
set logscale x
unset logscale y
set xrange [208.8710302708976:5984.554192981184]
set xtics ('250 ms' 250.0, '500 ms' 500.0, '1 s' 1000.0, '2 s' 2000.0, '5 s' 5000.0)
set xlabel 'lease' offset 0,0.7 noenhanced textcolor rgb '#666666'
set yrange [0.0:100.910622]
set ytics ('0' 0.0, '25' 25.0, '50' 50.0, '75' 75.0, '100' 100.0)
plot 'lease.dat' index 16 using 1:3:(0):($4-$3) with vectors heads size screen 0.0035,90 dt solid lw 1 lc rgb '#0072b2' notitle, \
  'lease.dat' index 16 using 1:2 with linespoints lw 1.8 lc rgb '#0072b2' dt solid pt 7 ps 0.6 notitle, \
  'lease.dat' index 17 using 1:3:(0):($4-$3) with vectors heads size screen 0.0035,90 dt solid lw 1 lc rgb '#0072b2' notitle, \
  'lease.dat' index 17 using 1:2 with linespoints lw 1.8 lc rgb '#0072b2' dt (9,5) pt 5 ps 0.6 notitle, \
  'lease.dat' index 18 using 1:3:(0):($4-$3) with vectors heads size screen 0.0035,90 dt solid lw 1 lc rgb '#d55e00' notitle, \
  'lease.dat' index 18 using 1:2 with linespoints lw 1.8 lc rgb '#d55e00' dt solid pt 7 ps 0.6 notitle, \
  'lease.dat' index 19 using 1:3:(0):($4-$3) with vectors heads size screen 0.0035,90 dt solid lw 1 lc rgb '#d55e00' notitle, \
  'lease.dat' index 19 using 1:2 with linespoints lw 1.8 lc rgb '#d55e00' dt (9,5) pt 5 ps 0.6 notitle
set lmargin at screen 0.72889
set rmargin at screen 0.96778
set tmargin at screen 0.47465
set bmargin at screen 0.18664
unset logscale
set logscale x
set logscale y
set xrange [208.8710302708976:5984.554192981184]
set xtics ('250 ms' 250.0, '500 ms' 500.0, '1 s' 1000.0, '2 s' 2000.0, '5 s' 5000.0)
set xlabel 'lease' offset 0,0.7 noenhanced textcolor rgb '#666666'
set yrange [200000.0:10000000.0]
set ytics ('200 ms' 200000.0, '500 ms' 500000.0, '1 s' 1000000.0, '2 s' 2000000.0, '5 s' 5000000.0, '10 s' 10000000.0)
plot 'lease.dat' index 20 using 1:3:(0):($4-$3) with vectors heads size screen 0.0035,90 dt solid lw 1 lc rgb '#0072b2' notitle, \
  'lease.dat' index 20 using 1:2 with linespoints lw 1.8 lc rgb '#0072b2' dt (9,5) pt 5 ps 0.6 notitle, \
  'lease.dat' index 21 using 1:3:(0):($4-$3) with vectors heads size screen 0.0035,90 dt solid lw 1 lc rgb '#d55e00' notitle, \
  'lease.dat' index 21 using 1:2 with linespoints lw 1.8 lc rgb '#d55e00' dt solid pt 7 ps 0.6 notitle, \
  'lease.dat' index 22 using 1:3:(0):($4-$3) with vectors heads size screen 0.0035,90 dt solid lw 1 lc rgb '#d55e00' notitle, \
  'lease.dat' index 22 using 1:2 with linespoints lw 1.8 lc rgb '#d55e00' dt (9,5) pt 5 ps 0.6 notitle
unset multiplot
unset output
