"""What the product knows of customers: plain Python, no HTTP, no GraphQL."""
