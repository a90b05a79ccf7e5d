"""Files that nobody would write, by the ten thousand."""
