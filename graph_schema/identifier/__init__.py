"""The identifier: a value that profiles hold."""
