"""Labels of pairs."""
