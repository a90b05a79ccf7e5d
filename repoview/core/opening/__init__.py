"""One source becoming a repository, step by step, within its limits.

It reads, walks, judges, and moves to disk what gets too large for memory.
"""
