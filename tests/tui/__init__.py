"""Facts about the explorer."""
