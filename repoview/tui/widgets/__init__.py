"""Widgets: each draws values it was given, and asks by message."""
