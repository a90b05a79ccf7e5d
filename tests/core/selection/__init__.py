"""Facts about selections: the language, and the records that it finds."""
