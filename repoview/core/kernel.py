"""The seam: which twin of the kernel runs.

Callers write ``kernel.scan(…)`` and never import the name, so that a test can
swap one twin for another by setting these names. `SEAM` lists them.
"""

from __future__ import annotations

from typing import Final

from repoview.core import _pure

SEAM: Final = (
    "BlockIndex",
    "cid_texts",
    "key_depth",
    "scan",
    "search",
    "tally",
    "walk",
)
"""The names that every twin offers."""

NAME = _pure.NAME

BlockIndex = _pure.BlockIndex
cid_texts = _pure.cid_texts
key_depth = _pure.key_depth
scan = _pure.scan
search = _pure.search
tally = _pure.tally
walk = _pure.walk
