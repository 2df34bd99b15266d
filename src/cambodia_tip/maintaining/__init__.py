"""`stamp`, `add-source` and the comparison of versions; may import `exports` and what is above it."""
