"""Frames of the event stream: read whatever is wrong with them, and what one says.

Entry points: `reader` reads one, and says what is wrong with it; `frame` is what
it says; `head` tells whether one begins, and `end` where it ends. `fields` is
private.
"""
