"""The walk, and every judgement of a repository as a whole.

Finds the root, walks the tree, judges what is missing or unlinked, and makes
the report.
"""
