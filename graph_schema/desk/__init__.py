"""Service desk: tickets, who waits, and who is calling."""
