"""Many sources at once: listed, verified in processes, and printed a line each.

`repoview.listing` finds them, `workers` has processes verify them (`worker` is what
runs there), `lines` tells what came of each, and `verify` is all of it.
"""
