"""pandera schemas, one module per backend; may import `citing` and those above it."""
