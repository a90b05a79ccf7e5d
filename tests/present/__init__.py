"""Facts about words and what is taken apart."""
