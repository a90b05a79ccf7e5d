"""A Merkle Search Tree as a drawing: pure functions from a tree to places of boxes.

Depth bands run from top to bottom, keys from left to right. A tree is whatever
answers the questions of `tree.DiagramTree`; only the nodes of a window are asked
for. `layout` returns the places of boxes, links and labels in cells, and knows
neither colors nor files; `text`, `svg` and `dot` draw it. `density` is the whole
shape of a tree of any size.
"""
