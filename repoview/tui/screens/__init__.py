"""Screens: each holds widgets, and answers their messages from the session."""
