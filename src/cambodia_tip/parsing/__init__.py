"""Text to values: numerals, passages, dates and versions; may import `errors` only."""
