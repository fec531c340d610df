# Run `gnuplot latency-vs-rate.gp` in this directory to draw the picture again.
set encoding utf8
set terminal svg size 900,490 fixed enhanced font 'sans-serif,11' background rgb '#ffffff'
set output 'latency-vs-rate.svg'
unset key
set border 3 lc rgb '#888888' lw 0.8
set tics nomirror scale 0.5 noenhanced textcolor rgb '#222222'
set grid xtics ytics lc rgb '#dddddd' lw 0.6 dt solid
set label 1 '{/:Bold Latency against the offered rate}' at screen 0.01778, screen 0.95510 left font 'sans-serif,16' tc rgb '#222222'
set label 2 'median of 6 repeats; three lines each: p50, p99 and p99.9; lower is better' at screen 0.01778, screen 0.91020 left noenhanced font 'sans-serif,12' tc rgb '#666666'
set label 3 'run reference-rates · commit 089ed4d720 · SQLite 3.40.1 · PRAGMAs 62c2dceee780 · median of 6 repeats · seed 42' at screen 0.01778, screen 0.06939 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 4 'AMD EPYC · 2 cores · ext4' at screen 0.01778, screen 0.03878 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 5 'claim' at screen 0.08667, screen 0.84490 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 6 'end to end' at screen 0.40778, screen 0.84490 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 7 'achieved / offered' at screen 0.72889, screen 0.84490 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 8 'cell' at screen 0.01778, screen 0.17959 left noenhanced font 'sans-serif,11' tc rgb '#666666'
set arrow from screen 0.01778, screen 0.13878 to screen 0.05333, screen 0.13878 nohead dt solid lw 1.8 lc rgb '#0072b2'
set label 9 '' at screen 0.03556, screen 0.13878 point pt 7 ps 0.7 lw 1 lc rgb '#0072b2'
set label 10 'c01' at screen 0.06222, screen 0.13878 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set label 11 '' at screen 0.51778, screen 0.13878 point pt 6 ps 0.9 lw 2 lc rgb '#d00000'
set label 12 'saturated: the rate was not reached' at screen 0.54444, screen 0.13878 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set multiplot
set lmargin at screen 0.08667
set rmargin at screen 0.32556
set tmargin at screen 0.82041
set bmargin at screen 0.28980
unset logscale
set logscale x
set logscale y
set xrange [200.0:20000.0]
set xtics ('200' 200.0, '500' 500.0, '1,000' 1000.0, '2,000' 2000.0, '5,000' 5000.0, '10,000' 10000.0, '20,000' 20000.0)
set xlabel 'tasks offered per second' offset 0,0.7 noenhanced textcolor rgb '#666666'
set yrange [20.0:10000.0]
set ytics ('100 µs' 100.0, '1 ms' 1000.0, '10 ms' 10000.0, '' 20.0 1, '' 50.0 1, '' 200.0 1, '' 500.0 1, '' 2000.0 1, '' 5000.0 1)
plot 'latency-vs-rate.dat' index 0 using 1:2 with lines lw 1 dt solid lc rgb '#0072b2' notitle, \
  'latency-vs-rate.dat' index 1 using 1:2 with linespoints lw 1.8 lc rgb '#0072b2' dt solid pt 7 ps 0.6 notitle, \
  'latency-vs-rate.dat' index 2 using 1:2 with lines lw 1 dt (2,3) lc rgb '#0072b2' notitle, \
  'latency-vs-rate.dat' index 3 using 1:2 with points pt 6 ps 1.3 lw 1.6 lc rgb '#d00000' notitle
unset label
unset arrow
unset object
set lmargin at screen 0.40778
set rmargin at screen 0.64667
set tmargin at screen 0.82041
set bmargin at screen 0.28980
unset logscale
set logscale x
set logscale y
set xrange [200.0:20000.0]
set xtics ('200' 200.0, '500' 500.0, '1,000' 1000.0, '2,000' 2000.0, '5,000' 5000.0, '10,000' 10000.0, '20,000' 20000.0)
set xlabel 'tasks offered per second' offset 0,0.7 noenhanced textcolor rgb '#666666'
set yrange [200.0:50000.0]
set ytics ('1 ms' 1000.0, '10 ms' 10000.0, '' 200.0 1, '' 500.0 1, '' 2000.0 1, '' 5000.0 1, '' 20000.0 1, '' 50000.0 1)
plot 'latency-vs-rate.dat' index 4 using 1:2 with lines lw 1 dt solid lc rgb '#0072b2' notitle, \
  'latency-vs-rate.dat' index 5 using 1:2 with linespoints lw 1.8 lc rgb '#0072b2' dt solid pt 7 ps 0.6 notitle, \
  'latency-vs-rate.dat' index 6 using 1:2 with lines lw 1 dt (2,3) lc rgb '#0072b2' notitle
set lmargin at screen 0.72889
set rmargin at screen 0.96778
set tmargin at screen 0.82041
set bmargin at screen 0.28980
unset logscale
set logscale x
unset logscale y
set xrange [200.0:20000.0]
set xtics ('200' 200.0, '500' 500.0, '1,000' 1000.0, '2,000' 2000.0, '5,000' 5000.0, '10,000' 10000.0, '20,000' 20000.0)
set xlabel 'tasks offered per second' offset 0,0.7 noenhanced textcolor rgb '#666666'
set yrange [0.0:1.1]
set ytics (0, 0.5, 1)
plot 1 with lines lw 0.9 dt (6,3) lc rgb '#666666' notitle, \
  'latency-vs-rate.dat' index 7 using 1:2 with linespoints lw 1.8 lc rgb '#0072b2' dt solid pt 7 ps 0.6 notitle, \
  'latency-vs-rate.dat' index 8 using 1:2 with points pt 6 ps 1.3 lw 1.6 lc rgb '#d00000' notitle
unset multiplot
unset output
