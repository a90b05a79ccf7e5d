"""One pass over a source, into the index of blocks.

A step at a time, so that others can look, cancel, or set limits in between.
"""
