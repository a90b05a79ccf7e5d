"""Trees read node by node, from their top: by CID, through a function that reads.

Entry points: `node` (one node, checked for the place where it stands), `look_up`,
`neighbors` and `walk`. They need nothing of a file, hold no more than the nodes on
one way down, and tell each of their steps to whoever wants to see it.
"""
