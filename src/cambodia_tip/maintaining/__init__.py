"""`stamp`, `add-source` and `changes`; may import `exports` and those above it."""
