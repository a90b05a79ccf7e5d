"""Records, nodes and holes by number, and the answers that come from them.

Filled in the order of the walk, spilled to disk over a limit; searched, sorted
and counted without reading the source again.
"""
