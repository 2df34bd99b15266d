"""Citations and their formats; may import `reading` and what is above it."""
