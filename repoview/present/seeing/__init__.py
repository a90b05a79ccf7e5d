"""Pages that answer "what am I seeing?", with what is looked at as the example.

There is a page for a record, a node of the tree, a block, a finding and the
repository as a whole. Each number, key and CID on them is that of the
repository which is open.
"""
