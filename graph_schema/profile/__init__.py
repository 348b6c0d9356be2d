"""The profile: what one source knows of somebody."""
