"""Random access to the bytes of a file, stream, address or packed file.

Each becomes a `Source`. What can be read only once is spooled while it is read.
"""
