# Run `gnuplot latency-claim.gp` in this directory to draw the picture again.
set encoding utf8
set terminal svg size 900,970 fixed enhanced font 'sans-serif,11' background rgb '#ffffff'
set output 'latency-claim.svg'
unset key
set border 3 lc rgb '#888888' lw 0.8
set tics nomirror scale 0.5 noenhanced textcolor rgb '#222222'
set grid xtics ytics lc rgb '#dddddd' lw 0.6 dt solid
set label 1 '{/:Bold Claim latency by percentile}' at screen 0.01778, screen 0.97732 left font 'sans-serif,16' tc rgb '#222222'
set label 2 'median of 6 repeats; both axes logarithmic, lower is better' at screen 0.01778, screen 0.95464 left noenhanced font 'sans-serif,12' tc rgb '#666666'
set label 3 'run reference-rates · commit 089ed4d720 · SQLite 3.40.1 · PRAGMAs 62c2dceee780 · median of 6 repeats · seed 42' at screen 0.01778, screen 0.03505 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 4 'AMD EPYC · 2 cores · ext4' at screen 0.01778, screen 0.01959 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 5 'rate = 250/s' at screen 0.08667, screen 0.92165 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 6 'rate = 500/s' at screen 0.40778, screen 0.92165 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 7 'rate = 1000/s' at screen 0.72889, screen 0.92165 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 8 'rate = 2000/s' at screen 0.08667, screen 0.64330 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 9 'rate = 4000/s' at screen 0.40778, screen 0.64330 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 10 'rate = 8000/s' at screen 0.72889, screen 0.64330 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 11 'rate = 16000/s' at screen 0.08667, screen 0.36495 left noenhanced font 'sans-serif,12' tc rgb '#222222'
set label 12 'cell' at screen 0.01778, screen 0.09072 left noenhanced font 'sans-serif,11' tc rgb '#666666'
set arrow from screen 0.01778, screen 0.07010 to screen 0.05333, screen 0.07010 nohead dt solid lw 1.8 lc rgb '#0072b2'
set label 13 '' at screen 0.03556, screen 0.07010 point pt 7 ps 0.7 lw 1 lc rgb '#0072b2'
set label 14 'c01' at screen 0.06222, screen 0.07010 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set multiplot
set lmargin at screen 0.08667
set rmargin at screen 0.32778
set tmargin at screen 0.90928
set bmargin at screen 0.70309
set logscale xy
set xrange [1.8:1120]
set xtics ('50' 2, '90' 10, '95' 20, '99' 100, '99.9' 1000)
set xlabel 'percentile' offset 0,0.7 textcolor rgb '#666666'
set yrange [20.0:10000.0]
set ytics ('100 µs' 100.0, '1 ms' 1000.0, '10 ms' 10000.0, '' 20.0 1, '' 50.0 1, '' 200.0 1, '' 500.0 1, '' 2000.0 1, '' 5000.0 1)
plot 'latency-claim.dat' index 0 using 1:3 with linespoints lw 1.8 lc rgb '#0072b2' dt solid pt 7 ps 0.6 title '250/s' noenhanced
unset label
unset arrow
unset object
set lmargin at screen 0.40778
set rmargin at screen 0.64889
set tmargin at screen 0.90928
set bmargin at screen 0.70309
plot 'latency-claim.dat' index 1 using 1:3 with linespoints lw 1.8 lc rgb '#0072b2' dt solid pt 7 ps 0.6 title '500/s' noenhanced
set lmargin at screen 0.72889
set rmargin at screen 0.97000
set tmargin at screen 0.90928
set bmargin at screen 0.70309
plot 'latency-claim.dat' index 2 using 1:3 with linespoints lw 1.8 lc rgb '#0072b2' dt solid pt 7 ps 0.6 title '1000/s' noenhanced
set lmargin at screen 0.08667
set rmargin at screen 0.32778
set tmargin at screen 0.63093
set bmargin at screen 0.42474
plot 'latency-claim.dat' index 3 using 1:3 with linespoints lw 1.8 lc rgb '#0072b2' dt solid pt 7 ps 0.6 title '2000/s' noenhanced
set lmargin at screen 0.40778
set rmargin at screen 0.64889
set tmargin at screen 0.63093
set bmargin at screen 0.42474
plot 'latency-claim.dat' index 4 using 1:3 with linespoints lw 1.8 lc rgb '#0072b2' dt solid pt 7 ps 0.6 title '4000/s' noenhanced
set lmargin at screen 0.72889
set rmargin at screen 0.97000
set tmargin at screen 0.63093
set bmargin at screen 0.42474
plot 'latency-claim.dat' index 5 using 1:3 with linespoints lw 1.8 lc rgb '#0072b2' dt solid pt 7 ps 0.6 title '8000/s' noenhanced
set lmargin at screen 0.08667
set rmargin at screen 0.32778
set tmargin at screen 0.35258
set bmargin at screen 0.14639
plot 'latency-claim.dat' index 6 using 1:3 with linespoints lw 1.8 lc rgb '#0072b2' dt solid pt 7 ps 0.6 title '16000/s' noenhanced
unset multiplot
unset output
