"""Benchmarks: what `make bench` prints. Figures are ratios to something measured in the same run."""
