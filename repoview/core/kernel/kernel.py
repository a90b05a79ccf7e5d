"""The seam: which twin of the kernel runs.

Callers write ``kernel.scan(…)`` and never import the name, so that a test can
swap one twin for another by setting these names. `SEAM` lists them.

The compiled twin is used if there is one, the environment does not have
``REPOVIEW_PURE=1``, and it passes `self_test`: if it does not, the Python twin
is used, and `REFUSED` says why.
"""

from __future__ import annotations

import os
import warnings
from importlib import import_module
from typing import TYPE_CHECKING, Final

from repoview.core.kernel.self_test import wrong_answer

if TYPE_CHECKING:
    from types import ModuleType

SEAM: Final = (
    "BlockIndex",
    "WalkState",
    "blocks_of",
    "cid_texts",
    "cids_of",
    "cut",
    "fresh",
    "holding",
    "interleaved",
    "json_lines",
    "key_depth",
    "node_keys",
    "order",
    "scan",
    "search",
    "sections_of",
    "sort_keys",
    "sound_map",
    "sound_maps",
    "sound_type",
    "tally",
    "tid_days",
    "walk",
)
"""The names that every twin offers."""


_PURE_WANTED: Final = os.environ.get("REPOVIEW_PURE", "") not in {"", "0"}


def _compiled() -> tuple[ModuleType | None, str | None]:
    """Return the compiled twin, and why it must not be used.

    None where there is none, or none is wanted.
    """
    if _PURE_WANTED:
        return None, None
    try:
        found = import_module("repoview.core._kernel")
    except ModuleNotFoundError:
        return None, None
    except ImportError as error:
        return None, f"it cannot be loaded ({error})"
    return found, wrong_answer(found)


_found, REFUSED = _compiled()
"""The second says why the compiled kernel is not used although it is there."""

ABSENT: Final = _found is None and REFUSED is None and not _PURE_WANTED
"""Whether this install has no compiled kernel, although one would be used."""

if REFUSED is not None:
    warnings.warn(
        f"the compiled kernel is not used: {REFUSED}; install repoview again",
        RuntimeWarning,
        stacklevel=2,
    )

if TYPE_CHECKING:
    # Callers see the types of one twin; a test holds the other to the same.
    from repoview.core.kernel import pure as _twin
elif _found is None or REFUSED is not None:
    from repoview.core.kernel import pure as _twin
else:
    # The other twin is not even imported.
    _twin = _found

NAME: str = _twin.NAME
"""What `repoview --version` calls it: "python", "compiled"; "compiled-debug" is
a build without optimizing, too slow to measure."""

BlockIndex = _twin.BlockIndex
WalkState = _twin.WalkState
blocks_of = _twin.blocks_of
cid_texts = _twin.cid_texts
cids_of = _twin.cids_of
cut = _twin.cut
fresh = _twin.fresh
holding = _twin.holding
interleaved = _twin.interleaved
json_lines = _twin.json_lines
key_depth = _twin.key_depth
node_keys = _twin.node_keys
order = _twin.order
scan = _twin.scan
search = _twin.search
sections_of = _twin.sections_of
sort_keys = _twin.sort_keys
sound_map = _twin.sound_map
sound_maps = _twin.sound_maps
sound_type = _twin.sound_type
tally = _twin.tally
tid_days = _twin.tid_days
walk = _twin.walk
