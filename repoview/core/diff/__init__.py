"""What differs between two trees: records and nodes, equal sub-trees not read.

Entry points: `diff`, and `diff_steps` for whoever wants to see how it goes about it.
"""
