"""The base of every app here: settings, terminal, first frame, and its exit."""
