"""A repository that was opened: what every view holds.

Records, tree, blocks and the ways down to them; from the cache where it is
known, or as far as it was read.
"""
