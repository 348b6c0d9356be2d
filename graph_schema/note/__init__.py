"""Note: what colleagues write about customers."""
