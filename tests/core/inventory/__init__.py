"""Facts about inventories of what a file holds."""
