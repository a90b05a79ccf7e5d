"""The app: it shows one visit in one view, from the first frame until it exits."""
