"""The search of sellers."""
