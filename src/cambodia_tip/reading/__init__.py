"""What users call to read the data: tables, labels, figures and evidence; may import `package` and what is above it."""
