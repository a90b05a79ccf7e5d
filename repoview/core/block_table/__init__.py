"""Every block of a file, in the order of the file.

They cover every byte of it. Each has a kind, and what links to it.
"""
