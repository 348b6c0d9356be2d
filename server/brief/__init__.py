"""Brief: a customer on one page, for whoever is about to call."""
