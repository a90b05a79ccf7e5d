"""Trees changed: keys put in and taken out, also where nodes are missing.

Entry points: `partial_tree` and `undo`. They need nodes by CID and nothing of a file.
"""
