"""Possible matches: customers that may be one person and await somebody who decides."""
