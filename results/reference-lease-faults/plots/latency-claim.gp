# Run `gnuplot latency-claim.gp` in this directory to draw the picture again.
set encoding utf8
set terminal svg size 900,970 fixed enhanced font 'sans-serif,11' background rgb '#ffffff'
set output 'latency-claim.svg'
unset key
set border 3 lc rgb '#888888' lw 0.8
set tics nomirror scale 0.5 noenhanced textcolor rgb '#222222'
set grid xtics ytics lc rgb '#dddddd' lw 0.6 dt solid
set label 1 '{/:Bold Claim latency by percentile}' at screen 0.01778, screen 0.97732 left font 'sans-serif,16' tc rgb '#222222'
set label 2 'median of 3 repeats; both axes logarithmic, lower is better' at screen 0.01778, screen 0.95464 left noenhanced font 'sans-serif,12' tc rgb '#666666'
set label 3 'run reference-lease-faults · commit 2c0c364a10 · SQLite 3.40.1 · PRAGMAs 62c2dceee780 · median of 3 repeats · seed 23' at screen 0.01778, screen 0.03505 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 4 'AMD EPYC · 2 cores · ext4' at screen 0.01778, screen 0.01959 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 5 'faults = kill(every=…ewal = 0s' at screen 0.08667, screen 0.92165 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 6 'faults = kill(every=…l = 100ms' at screen 0.40778, screen 0.92165 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 7 'faults = kill(every=…ewal = 0s' at screen 0.72889, screen 0.92165 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 8 'faults = kill(every=…l = 100ms' at screen 0.08667, screen 0.64330 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 9 'faults = stop(every=…ewal = 0s' at screen 0.40778, screen 0.64330 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 10 'faults = stop(every=…l = 100ms' at screen 0.72889, screen 0.64330 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 11 'faults = stop(every=…ewal = 0s' at screen 0.08667, screen 0.36495 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 12 'faults = stop(every=…l = 100ms' at screen 0.40778, screen 0.36495 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 13 'lease' at screen 0.01778, screen 0.09072 left noenhanced font 'sans-serif,11' tc rgb '#666666'
set arrow from screen 0.01778, screen 0.07010 to screen 0.05333, screen 0.07010 nohead dt solid lw 1.8 lc rgb '#0072b2'
set label 14 '' at screen 0.03556, screen 0.07010 point pt 7 ps 0.7 lw 1 lc rgb '#0072b2'
set label 15 '250ms' at screen 0.06222, screen 0.07010 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set arrow from screen 0.21000, screen 0.07010 to screen 0.24556, screen 0.07010 nohead dt solid lw 1.82 lc rgb '#d55e00'
set label 16 '' at screen 0.22778, screen 0.07010 point pt 5 ps 0.7 lw 1 lc rgb '#d55e00'
set label 17 '500ms' at screen 0.25444, screen 0.07010 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set arrow from screen 0.40222, screen 0.07010 to screen 0.43778, screen 0.07010 nohead dt solid lw 1.8 lc rgb '#009e73'
set label 18 '' at screen 0.42000, screen 0.07010 point pt 9 ps 0.7 lw 1 lc rgb '#009e73'
set label 19 '1s' at screen 0.44667, screen 0.07010 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set arrow from screen 0.59444, screen 0.07010 to screen 0.63000, screen 0.07010 nohead dt solid lw 1.82 lc rgb '#cc79a7'
set label 20 '' at screen 0.61222, screen 0.07010 point pt 13 ps 0.7 lw 1 lc rgb '#cc79a7'
set label 21 '2s' at screen 0.63889, screen 0.07010 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set arrow from screen 0.78667, screen 0.07010 to screen 0.82222, screen 0.07010 nohead dt solid lw 1.8 lc rgb '#e69f00'
set label 22 '' at screen 0.80444, screen 0.07010 point pt 11 ps 0.7 lw 1 lc rgb '#e69f00'
set label 23 '5s' at screen 0.83111, screen 0.07010 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set multiplot
set lmargin at screen 0.08667
set rmargin at screen 0.32778
set tmargin at screen 0.90928
set bmargin at screen 0.70309
set logscale xy
set xrange [1.8:22.4]
set xtics ('50' 2, '90' 10, '95' 20)
set xlabel 'percentile' offset 0,0.7 textcolor rgb '#666666'
set yrange [100.0:1000.0]
set ytics ('100 µs' 100.0, '200 µs' 200.0, '500 µs' 500.0, '1 ms' 1000.0)
plot 'latency-claim.dat' index 0 using 1:3 with linespoints lw 1.8 lc rgb '#0072b2' dt solid pt 7 ps 0.6 title 'kill(every=250ms), lease 250ms, work_time 20ms, renewal 0s' noenhanced, \
  'latency-claim.dat' index 1 using 1:3 with linespoints lw 1.8 lc rgb '#d55e00' dt solid pt 5 ps 0.6 title 'kill(every=250ms), lease 500ms, work_time 20ms, renewal 0s' noenhanced, \
  'latency-claim.dat' index 2 using 1:3 with linespoints lw 1.8 lc rgb '#009e73' dt solid pt 9 ps 0.6 title 'kill(every=250ms), lease 1s, work_time 20ms, renewal 0s' noenhanced, \
  'latency-claim.dat' index 3 using 1:3 with linespoints lw 1.8 lc rgb '#cc79a7' dt solid pt 13 ps 0.6 title 'kill(every=250ms), lease 2s, work_time 20ms, renewal 0s' noenhanced, \
  'latency-claim.dat' index 4 using 1:3 with linespoints lw 1.8 lc rgb '#e69f00' dt solid pt 11 ps 0.6 title 'kill(every=250ms), lease 5s, work_time 20ms, renewal 0s' noenhanced
unset label
unset arrow
unset object
set lmargin at screen 0.40778
set rmargin at screen 0.64889
set tmargin at screen 0.90928
set bmargin at screen 0.70309
plot 'latency-claim.dat' index 5 using 1:3 with linespoints lw 1.8 lc rgb '#0072b2' dt solid pt 7 ps 0.6 title 'kill(every=250ms), lease 250ms, work_time 20ms, renewal 100ms' noenhanced, \
  'latency-claim.dat' index 6 using 1:3 with linespoints lw 1.8 lc rgb '#d55e00' dt solid pt 5 ps 0.6 title 'kill(every=250ms), lease 500ms, work_time 20ms, renewal 100ms' noenhanced, \
  'latency-claim.dat' index 7 using 1:3 with linespoints lw 1.8 lc rgb '#009e73' dt solid pt 9 ps 0.6 title 'kill(every=250ms), lease 1s, work_time 20ms, renewal 100ms' noenhanced, \
  'latency-claim.dat' index 8 using 1:3 with linespoints lw 1.8 lc rgb '#cc79a7' dt solid pt 13 ps 0.6 title 'kill(every=250ms), lease 2s, work_time 20ms, renewal 100ms' noenhanced, \
  'latency-claim.dat' index 9 using 1:3 with linespoints lw 1.8 lc rgb '#e69f00' dt solid pt 11 ps 0.6 title 'kill(every=250ms), lease 5s, work_time 20ms, renewal 100ms' noenhanced
set lmargin at screen 0.72889
set rmargin at screen 0.97000
set tmargin at screen 0.90928
set bmargin at screen 0.70309
plot 'latency-claim.dat' index 10 using 1:3 with linespoints lw 1.8 lc rgb '#0072b2' dt solid pt 7 ps 0.6 title 'kill(every=250ms), lease 250ms, work_time 300ms, renewal 0s' noenhanced, \
  'latency-claim.dat' index 11 using 1:3 with linespoints lw 1.8 lc rgb '#d55e00' dt solid pt 5 ps 0.6 title 'kill(every=250ms), lease 500ms, work_time 300ms, renewal 0s' noenhanced, \
  'latency-claim.dat' index 12 using 1:3 with linespoints lw 1.8 lc rgb '#009e73' dt solid pt 9 ps 0.6 title 'kill(every=250ms), lease 1s, work_time 300ms, renewal 0s' noenhanced, \
  'latency-claim.dat' index 13 using 1:3 with linespoints lw 1.8 lc rgb '#cc79a7' dt solid pt 13 ps 0.6 title 'kill(every=250ms), lease 2s, work_time 300ms, renewal 0s' noenhanced, \
  'latency-claim.dat' index 14 using 1:3 with linespoints lw 1.8 lc rgb '#e69f00' dt solid pt 11 ps 0.6 title 'kill(every=250ms), lease 5s, work_time 300ms, renewal 0s' noenhanced
set lmargin at screen 0.08667
set rmargin at screen 0.32778
set tmargin at screen 0.63093
set bmargin at screen 0.42474
plot 'latency-claim.dat' index 15 using 1:3 with linespoints lw 1.8 lc rgb '#0072b2' dt solid pt 7 ps 0.6 title 'kill(every=250ms), lease 250ms, work_time 300ms, renewal 100ms' noenhanced, \
  'latency-claim.dat' index 16 using 1:3 with linespoints lw 1.8 lc rgb '#d55e00' dt solid pt 5 ps 0.6 title 'kill(every=250ms), lease 500ms, work_time 300ms, renewal 100ms' noenhanced, \
  'latency-claim.dat' index 17 using 1:3 with linespoints lw 1.8 lc rgb '#009e73' dt solid pt 9 ps 0.6 title 'kill(every=250ms), lease 1s, work_time 300ms, renewal 100ms' noenhanced, \
  'latency-claim.dat' index 18 using 1:3 with linespoints lw 1.8 lc rgb '#cc79a7' dt solid pt 13 ps 0.6 title 'kill(every=250ms), lease 2s, work_time 300ms, renewal 100ms' noenhanced, \
  'latency-claim.dat' index 19 using 1:3 with linespoints lw 1.8 lc rgb '#e69f00' dt solid pt 11 ps 0.6 title 'kill(every=250ms), lease 5s, work_time 300ms, renewal 100ms' noenhanced
set lmargin at screen 0.40778
set rmargin at screen 0.64889
set tmargin at screen 0.63093
set bmargin at screen 0.42474
plot 'latency-claim.dat' index 20 using 1:3 with linespoints lw 1.8 lc rgb '#0072b2' dt solid pt 7 ps 0.6 title 'stop(every=750ms for=600ms), lease 250ms, work_time 20ms, renewal 0s' noenhanced, \
  'latency-claim.dat' index 21 using 1:3 with linespoints lw 1.8 lc rgb '#d55e00' dt solid pt 5 ps 0.6 title 'stop(every=750ms for=600ms), lease 500ms, work_time 20ms, renewal 0s' noenhanced, \
  'latency-claim.dat' index 22 using 1:3 with linespoints lw 1.8 lc rgb '#009e73' dt solid pt 9 ps 0.6 title 'stop(every=750ms for=600ms), lease 1s, work_time 20ms, renewal 0s' noenhanced, \
  'latency-claim.dat' index 23 using 1:3 with linespoints lw 1.8 lc rgb '#cc79a7' dt solid pt 13 ps 0.6 title 'stop(every=750ms for=600ms), lease 2s, work_time 20ms, renewal 0s' noenhanced, \
  'latency-claim.dat' index 24 using 1:3 with linespoints lw 1.8 lc rgb '#e69f00' dt solid pt 11 ps 0.6 title 'stop(every=750ms for=600ms), lease 5s, work_time 20ms, renewal 0s' noenhanced
set lmargin at screen 0.72889
set rmargin at screen 0.97000
set tmargin at screen 0.63093
set bmargin at screen 0.42474
plot 'latency-claim.dat' index 25 using 1:3 with linespoints lw 1.8 lc rgb '#0072b2' dt solid pt 7 ps 0.6 title 'stop(every=750ms for=600ms), lease 250ms, work_time 20ms, renewal 100ms' noenhanced, \
  'latency-claim.dat' index 26 using 1:3 with linespoints lw 1.8 lc rgb '#d55e00' dt solid pt 5 ps 0.6 title 'stop(every=750ms for=600ms), lease 500ms, work_time 20ms, renewal 100ms' noenhanced, \
  'latency-claim.dat' index 27 using 1:3 with linespoints lw 1.8 lc rgb '#009e73' dt solid pt 9 ps 0.6 title 'stop(every=750ms for=600ms), lease 1s, work_time 20ms, renewal 100ms' noenhanced, \
  'latency-claim.dat' index 28 using 1:3 with linespoints lw 1.8 lc rgb '#cc79a7' dt solid pt 13 ps 0.6 title 'stop(every=750ms for=600ms), lease 2s, work_time 20ms, renewal 100ms' noenhanced, \
  'latency-claim.dat' index 29 using 1:3 with linespoints lw 1.8 lc rgb '#e69f00' dt solid pt 11 ps 0.6 title 'stop(every=750ms for=600ms), lease 5s, work_time 20ms, renewal 100ms' noenhanced
set lmargin at screen 0.08667
set rmargin at screen 0.32778
set tmargin at screen 0.35258
set bmargin at screen 0.14639
plot 'latency-claim.dat' index 30 using 1:3 with linespoints lw 1.8 lc rgb '#0072b2' dt solid pt 7 ps 0.6 title 'stop(every=750ms for=600ms), lease 250ms, work_time 300ms, renewal 0s' noenhanced, \
  'latency-claim.dat' index 31 using 1:3 with linespoints lw 1.8 lc rgb '#d55e00' dt solid pt 5 ps 0.6 title 'stop(every=750ms for=600ms), lease 500ms, work_time 300ms, renewal 0s' noenhanced, \
  'latency-claim.dat' index 32 using 1:3 with linespoints lw 1.8 lc rgb '#009e73' dt solid pt 9 ps 0.6 title 'stop(every=750ms for=600ms), lease 1s, work_time 300ms, renewal 0s' noenhanced, \
  'latency-claim.dat' index 33 using 1:3 with linespoints lw 1.8 lc rgb '#cc79a7' dt solid pt 13 ps 0.6 title 'stop(every=750ms for=600ms), lease 2s, work_time 300ms, renewal 0s' noenhanced, \
  'latency-claim.dat' index 34 using 1:3 with linespoints lw 1.8 lc rgb '#e69f00' dt solid pt 11 ps 0.6 title 'stop(every=750ms for=600ms), lease 5s, work_time 300ms, renewal 0s' noenhanced
set lmargin at screen 0.40778
set rmargin at screen 0.64889
set tmargin at screen 0.35258
set bmargin at screen 0.14639
plot 'latency-claim.dat' index 35 using 1:3 with linespoints lw 1.8 lc rgb '#0072b2' dt solid pt 7 ps 0.6 title 'stop(every=750ms for=600ms), lease 250ms, work_time 300ms, renewal 100ms' noenhanced, \
  'latency-claim.dat' index 36 using 1:3 with linespoints lw 1.8 lc rgb '#d55e00' dt solid pt 5 ps 0.6 title 'stop(every=750ms for=600ms), lease 500ms, work_time 300ms, renewal 100ms' noenhanced, \
  'latency-claim.dat' index 37 using 1:3 with linespoints lw 1.8 lc rgb '#009e73' dt solid pt 9 ps 0.6 title 'stop(every=750ms for=600ms), lease 1s, work_time 300ms, renewal 100ms' noenhanced, \
  'latency-claim.dat' index 38 using 1:3 with linespoints lw 1.8 lc rgb '#cc79a7' dt solid pt 13 ps 0.6 title 'stop(every=750ms for=600ms), lease 2s, work_time 300ms, renewal 100ms' noenhanced, \
  'latency-claim.dat' index 39 using 1:3 with linespoints lw 1.8 lc rgb '#e69f00' dt solid pt 11 ps 0.6 title 'stop(every=750ms for=600ms), lease 5s, work_time 300ms, renewal 100ms' noenhanced
unset multiplot
unset output
