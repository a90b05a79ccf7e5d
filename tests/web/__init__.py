"""Facts about pages served to a browser: who may ask, and what becomes of processes."""
