"""Keep full garbage collections out of the handling of keys.

A collection that traverses all objects of the explorer takes 40 to 100 ms. Most
of these objects live as long as the process, so they are frozen.
"""

from __future__ import annotations

import gc


def freeze() -> None:
    """Exclude all objects that exist now from collections."""
    gc.freeze()


def collect() -> None:
    """Collect among all objects, frozen ones too, after many were released."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()
