"""Columns of numbers and bytes, in memory or on disk.

Give what is in memory to a file without a name, and read it by position;
nothing here knows what the numbers mean.
"""
