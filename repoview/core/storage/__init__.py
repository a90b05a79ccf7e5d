"""Columns of numbers and bytes, in memory or on disk.

Give what is in memory to a file without a name, and read it by position; or
write a file that others see when it is whole. Nothing here knows what the
numbers mean.
"""
