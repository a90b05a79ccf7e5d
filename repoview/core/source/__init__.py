"""Bytes of whatever somebody has, readable at any place.

A path, a stream, an address or bytes, packed or not, becomes a `Source`. What
can be read only once is kept while it streams by.
"""
