"""Values that views show: rows, structures, drawings and places."""
