"""What frames every screen: keys, status, tabs, and what asks for a source."""
