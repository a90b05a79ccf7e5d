"""Facts about the diagram: layout, and what is drawn of it."""
