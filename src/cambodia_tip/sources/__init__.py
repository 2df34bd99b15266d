"""`verify` and `audit`, which compare the records with the documents; may import `checking` and what is above it."""
