"""The household of a customer."""
