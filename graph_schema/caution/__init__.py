"""Caution: what not to do with a customer."""
