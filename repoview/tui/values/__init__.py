"""What views show, as values: rows, structures, drawings and places."""
