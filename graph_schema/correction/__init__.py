"""Correction: what stewards say that a trait really is."""
