"""The customer: who is this."""
