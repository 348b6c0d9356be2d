"""GraphiQL at `/`: examples that run as they are, and files built from `source/`."""
