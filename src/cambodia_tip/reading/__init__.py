"""What users call to read the data; may import `package` and those above it."""
