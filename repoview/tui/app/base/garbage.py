"""Keep garbage collections out of the start, and full ones out of every key.

A collection that traverses all objects of the explorer takes 40 to 100 ms. Most
of these objects live as long as the process, so they are frozen. Until the first
frame next to nothing is garbage, and looking for it took 6 % of the start.
"""

from __future__ import annotations

import gc


def begin_start() -> None:
    """Collect nothing until `end_start`, but what an app before left."""
    if gc.get_freeze_count():
        gc.unfreeze()
        gc.collect()
    gc.disable()


def end_start() -> None:
    """Collect from now on, but none of the objects that exist now."""
    gc.freeze()
    gc.enable()


def freeze() -> None:
    """Exclude all objects that exist now from collections."""
    gc.freeze()


def collect() -> None:
    """Collect among all objects, frozen ones too, after many were released."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()
