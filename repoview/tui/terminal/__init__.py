"""The terminal: its driver and input, and the other programs that use it."""
