"""Actions: their descriptions, their key bindings, and the names of keys."""
