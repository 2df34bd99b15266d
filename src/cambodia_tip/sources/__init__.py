"""`verify` and `audit`, against the documents; may import `checking` and those above it."""
