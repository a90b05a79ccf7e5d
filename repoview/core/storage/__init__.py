"""Columns of numbers and bytes, in memory or on disk.

Columns that spill to temporary files and are read by position, and atomic
writes of files. Nothing here depends on what the numbers mean.
"""
