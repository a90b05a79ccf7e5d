"""Records, nodes and holes by number, and the answers that come from them.

Filled in the order of the walk, on disk past a limit; searched, sorted, counted
and drawn without reading the source again.
"""
