"""Stats: what a customer is worth."""
