"""Node: whatever has an id of its own."""
