"""The style sheets of the explorer, and its themes."""
