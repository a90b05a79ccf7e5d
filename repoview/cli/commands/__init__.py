"""The commands, a module each: its options and help, and what it does."""
