"""The style sheets and themes of the explorer."""
