"""The service desk: who waits for us, and who is calling."""
