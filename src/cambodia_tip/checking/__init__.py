"""The checks behind `validate`: columns, cells, keys and rules; may import `schemas` and what is above it."""
