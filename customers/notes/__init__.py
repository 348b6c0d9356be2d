"""What colleagues write about customers, for colleagues."""
