"""The terminal: keys and pastes as they come in, and what leaves the explorer."""
