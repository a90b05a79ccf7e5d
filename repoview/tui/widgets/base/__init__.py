"""Lists, lines and choosers that know nothing of repositories."""
