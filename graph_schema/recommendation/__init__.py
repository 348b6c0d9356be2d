"""Recommendations of a customer."""
