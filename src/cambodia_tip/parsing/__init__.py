"""Text to values: numerals, passages, dates and versions; imports nothing else of this package but errors."""
