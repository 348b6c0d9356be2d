"""Recommendations: what to offer a customer next, and why."""
