"""The interaction: what happened."""
