"""PossibleMatch: two customers that may be one person."""
