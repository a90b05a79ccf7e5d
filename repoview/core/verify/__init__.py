"""The walk, and every judgement of a repository as a whole.

Which root, which blocks the tree needs, what is missing or unlinked, and the
report of it all.
"""
