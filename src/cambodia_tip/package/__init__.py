"""The data package as objects, without pandas; may import `parsing`."""
