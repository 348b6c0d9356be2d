"""What people decide: who is one person, who is not, and which identifiers link nobody."""
