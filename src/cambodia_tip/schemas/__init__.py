"""pandera schemas, one module per backend; may import `citing` and what is above it."""
