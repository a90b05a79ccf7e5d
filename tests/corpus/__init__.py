"""Facts about the corpus of broken files: that it is right, and how it is written."""
