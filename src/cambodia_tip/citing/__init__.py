"""Citations and their formats; may import `reading` and those above it."""
