"""When Python looks for garbage: not in the middle of a key.

To look through all objects of the explorer takes 40 to 100 ms. Most stay as long
as it runs, and need not be looked at again.
"""

from __future__ import annotations

import gc


def keep_what_is() -> None:
    """Let the collector look at what is made from now on, and at nothing else."""
    gc.freeze()


def drop_what_was() -> None:
    """Look at everything once more, after much of it was let go of."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()
