"""Explanations: why two are one customer, or are not."""
