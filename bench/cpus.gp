# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Instructions of a sample, by possible CPUs. gnuplot -c cpus.gp IN.dat OUT.svg
set terminal svg size 640,420 font "sans,13" background "white" linewidth 1.5
set output ARG2
set xrange [0:*]
set yrange [0:*]
set xlabel "possible CPUs"
set ylabel "instructions of a sample"
set format y "%.0f"
set grid
set key left top
plot ARG1 using 1:3 with linespoints lc rgb "#666666" pt 9 title "five look-ups", \
     ARG1 using 1:2 with linespoints lc rgb "#1f4e9c" pt 11 title "one look-up for all"
