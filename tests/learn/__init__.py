"""Facts about the lessons, and what they are made of."""
