# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# CPU time of reading all maps once, by their number. gnuplot -c maps.gp IN.dat OUT.svg
set terminal svg size 640,420 font "sans,13" background "white" linewidth 1.5
set output ARG2
set logscale xy
set xrange [0.8:1300]
set xlabel "maps"
set ylabel "CPU time for all of them once, µs"
set grid
set key left top
plot ARG1 using 1:5 with linespoints lc rgb "#b35900" pt 5 title "bpftool, one process", \
     ARG1 using 1:2 with linespoints lc rgb "#00723f" pt 7 title "a tick of xdp\\_stats", \
     ARG1 using 1:4 with linespoints lc rgb "#666666" pt 9 title "five look-ups each", \
     ARG1 using 1:3 with linespoints lc rgb "#1f4e9c" pt 11 title "one look-up each"
