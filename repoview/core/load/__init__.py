"""One pass over a source, into the index of blocks.

A generator of steps, so that the caller can use what is there, cancel, or
change limits in between.
"""
