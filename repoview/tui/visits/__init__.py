"""One source that is open: loading it, its lists, and what its views ask of it."""
