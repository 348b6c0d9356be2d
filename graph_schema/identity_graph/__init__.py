"""The identity graph: what an explorer draws."""
