"""Decision: what people say of who is one person."""
