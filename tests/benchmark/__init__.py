"""Benchmarks: what `make bench` prints, with ratios to something measured in the same run."""
