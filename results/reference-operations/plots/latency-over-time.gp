# Run `gnuplot latency-over-time.gp` in this directory to draw the picture again.
set encoding utf8
set terminal svg size 900,532 fixed enhanced font 'sans-serif,11' background rgb '#ffffff'
set output 'latency-over-time.svg'
unset key
set border 3 lc rgb '#888888' lw 0.8
set tics nomirror scale 0.5 noenhanced textcolor rgb '#222222'
set grid xtics ytics lc rgb '#dddddd' lw 0.6 dt solid
set label 1 '{/:Bold Claim latency over time}' at screen 0.01778, screen 0.95865 left font 'sans-serif,16' tc rgb '#222222'
set label 2 'c01 (none), repeat 2; colour: share of the claims of that moment' at screen 0.01778, screen 0.91729 left noenhanced font 'sans-serif,12' tc rgb '#666666'
set label 3 'run reference-operations · commit 0c03dab2c6 · SQLite 3.40.1 · PRAGMAs 62c2dceee780 · median of 3 repeats · seed 500' at screen 0.01778, screen 0.06391 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 4 'AMD EPYC · 2 cores · ext4' at screen 0.01778, screen 0.03571 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 5 'share of the claims' at screen 0.01778, screen 0.20301 left noenhanced font 'sans-serif,11' tc rgb '#666666'
set object 5 rectangle from screen 0.02667, screen 0.17669 to screen 0.04444, screen 0.15414 fs solid noborder fc rgb '#e6eff6' front
set label 7 '≤ 0.03 %' at screen 0.06222, screen 0.16541 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set object 7 rectangle from screen 0.02667, screen 0.13910 to screen 0.04444, screen 0.11654 fs solid noborder fc rgb '#cbdfee' front
set label 9 '≤ 0.1 %' at screen 0.06222, screen 0.12782 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set object 9 rectangle from screen 0.16444, screen 0.17669 to screen 0.18222, screen 0.15414 fs solid noborder fc rgb '#a8cce4' front
set label 11 '≤ 0.3 %' at screen 0.20000, screen 0.16541 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set object 11 rectangle from screen 0.16444, screen 0.13910 to screen 0.18222, screen 0.11654 fs solid noborder fc rgb '#7fb4d6' front
set label 13 '≤ 1 %' at screen 0.20000, screen 0.12782 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set object 13 rectangle from screen 0.30222, screen 0.17669 to screen 0.32000, screen 0.15414 fs solid noborder fc rgb '#549bc6' front
set label 15 '≤ 3 %' at screen 0.33778, screen 0.16541 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set object 15 rectangle from screen 0.30222, screen 0.13910 to screen 0.32000, screen 0.11654 fs solid noborder fc rgb '#2c80b3' front
set label 17 '≤ 10 %' at screen 0.33778, screen 0.12782 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set object 17 rectangle from screen 0.44000, screen 0.17669 to screen 0.45778, screen 0.15414 fs solid noborder fc rgb '#12649a' front
set label 19 '≤ 30 %' at screen 0.47556, screen 0.16541 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set object 19 rectangle from screen 0.44000, screen 0.13910 to screen 0.45778, screen 0.11654 fs solid noborder fc rgb '#06457a' front
set label 21 'more' at screen 0.47556, screen 0.12782 left noenhanced font 'sans-serif,11' tc rgb '#222222'
set multiplot
set lmargin at screen 0.08667
set rmargin at screen 0.96889
set tmargin at screen 0.86842
set bmargin at screen 0.30451
set logscale y
set xrange [0:62]
set xtics ('0' 0.0, '10' 10.0, '20' 20.0, '30' 30.0, '40' 40.0, '50' 50.0, '60' 60.0)
set yrange [20.0:10000.0]
set ytics ('100 µs' 100.0, '1 ms' 1000.0, '10 ms' 10000.0, '' 20.0 1, '' 50.0 1, '' 200.0 1, '' 500.0 1, '' 2000.0 1, '' 5000.0 1)
set xlabel 'seconds since the log began' offset 0,0.7 noenhanced textcolor rgb '#666666'
plot 'latency-over-time.dat' index 0 using 1:3:1:2:3:4:5 with boxxyerror fs solid noborder lc rgb variable notitle
unset label
unset arrow
unset object
unset multiplot
unset output
