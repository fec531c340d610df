# Run `gnuplot busy-vs-processes.gp` in this directory to draw the picture again.
set encoding utf8
set terminal svg size 900,482 fixed enhanced font 'sans-serif,11' background rgb '#ffffff'
set output 'busy-vs-processes.svg'
unset key
set border 3 lc rgb '#888888' lw 0.8
set tics nomirror scale 0.5 noenhanced textcolor rgb '#222222'
set grid xtics ytics lc rgb '#dddddd' lw 0.6 dt solid
set label 1 '{/:Bold BUSY: operations per 1,000 that met a busy database}' at screen 0.01778, screen 0.95436 left font 'sans-serif,16' tc rgb '#222222'
set label 2 '2 producers + 2 consumers; median of 3 repeats, bars min–max; lower is better' at screen 0.01778, screen 0.90871 left noenhanced font 'sans-serif,12' tc rgb '#666666'
set label 3 'run reference-pragma-matrix · commit 089ed4d720 · SQLite 3.40.1 · median of 3 repeats · seed 42' at screen 0.01778, screen 0.07054 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 4 'AMD EPYC · 2 cores · ext4' at screen 0.01778, screen 0.03942 left noenhanced font 'sans-serif,10' tc rgb '#666666'
set label 5 'journal_mode, synchronous, page_size, cache_size' at screen 0.01778, screen 0.86307 left noenhanced font 'sans-serif,11' tc rgb '#666666'
set multiplot
set lmargin at screen 0.38556
set rmargin at screen 0.96000
set tmargin at screen 0.84232
set bmargin at screen 0.17427
set xrange [0:931.26671]
set xtics ('0' 0.0, '200' 200.0, '400' 400.0, '600' 600.0, '800' 800.0)
set yrange [12.6:-0.6]
set ytics ('WAL, NORMAL, page_size 4096, cache_size -2000' 0, 'WAL, NORMAL, page_size 4096, cache_size -20000' 1, 'WAL, NORMAL, page_size 16384, cache_size -2000' 2, 'WAL, NORMAL, page_size 16384, …che_size -20000' 3, 'WAL, FULL, page_size 4096, cache_size -2000' 4, 'WAL, FULL, page_size 4096, cache_size -20000' 5, 'WAL, FULL, page_size 16384, cache_size -2000' 6, 'WAL, FULL, page_size 16384, cache_size -20000' 7, 'TRUNCATE, NORMAL, page_size 40…ache_size -2000' 8, 'TRUNCATE, NORMAL, page_size 40…che_size -20000' 9, 'TRUNCATE, FULL, page_size 4096…ache_size -2000' 10, 'TRUNCATE, FULL, page_size 4096…che_size -20000' 11, 'WAL, synchronous OFF, page_siz…ache_size -2000' 12) noenhanced
unset grid
set grid xtics lc rgb '#dddddd' lw 0.6 dt solid
plot 'busy-vs-processes.dat' index 0 using ($2/2):1:(0):2:($1-0.32):($1+0.32) with boxxyerror fs solid 0.85 noborder lc rgb '#56b4e9' notitle, \
  'busy-vs-processes.dat' index 0 using 3:1:($4-$3):(0) with vectors heads size screen 0.0035,90 dt solid lw 1 lc rgb '#222222' notitle, \
  'busy-vs-processes.dat' index 0 using (valid(4) ? $4 : 0):1:5:6 with labels left offset 0.6,0 noenhanced font 'sans-serif,10' tc rgb variable notitle
unset label
unset arrow
unset object
unset multiplot
unset output
