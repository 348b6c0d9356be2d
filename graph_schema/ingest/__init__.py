"""Records coming in by mutation."""
