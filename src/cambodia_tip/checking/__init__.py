"""The checks behind `validate`; may import `schemas` and those above it."""
