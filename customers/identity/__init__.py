"""Who is one person: evidence in, clusters of profiles out."""
