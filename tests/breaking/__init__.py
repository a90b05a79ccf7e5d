"""Facts about what is told of files that are broken on purpose."""
