"""Blocks, keys and CIDs taken apart: what their bytes mean, in words.

Everything is computed from the bytes that are given, and nothing needs a
screen. `fields` finds the fields of a map in its bytes; `nodes` and `commits`
say what those of a tree's blocks are; `depths` tells why a key is where it is.
"""
