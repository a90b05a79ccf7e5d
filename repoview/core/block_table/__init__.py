"""Every block of a file, in the order of the file.

Each byte of it belongs to one of them: what it is, and what links to it.
"""
