"""Screens: each lays out widgets, and handles their messages by the session."""
