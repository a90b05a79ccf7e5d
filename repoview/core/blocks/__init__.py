"""The index of all blocks: CID to offset, length and state.

Some twenty bytes a block in memory; past a limit, sorted runs on disk with a
Bloom filter each.
"""
