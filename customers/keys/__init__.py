"""API keys: what a program calls with, in the graph without their secrets."""
