"""One open source: its loading, its lists, and the questions of its views."""
