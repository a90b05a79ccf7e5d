"""General widgets: lists, outlines, inputs and choosers."""
