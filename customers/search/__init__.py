"""The search of sellers: what is typed, and whose it may be."""
