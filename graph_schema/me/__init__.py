"""The customer who asks."""
