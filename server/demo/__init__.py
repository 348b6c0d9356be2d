"""The demo: made-up customers of whom we know who is who, loaded and scored."""
