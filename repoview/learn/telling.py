"""Values of facts in words, and texts with facts put in where they are quoted."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from repoview.learn.facts import UnknownFact, fact
from repoview.present import safe, short_cid

if TYPE_CHECKING:
    from repoview.learn.facts import Scene, Value

QUOTED: Final = re.compile(r"\{([^{}]+)\}")
"""A fact in a text: ``the tree has {nodes} nodes``."""

_CID: Final = 59
"""Characters of a plain CID."""


def told(value: Value) -> str:
    """Return the value of a fact as it is shown."""
    if isinstance(value, frozenset):
        return ", ".join(sorted(map(told, value))) or "none"
    if isinstance(value, int):
        return f"{value:,}"
    is_cid = len(value) == _CID and value.startswith("bafy")
    return short_cid(value) if is_cid else safe(value, 300)


def filled(scene: Scene, text: str) -> str:
    """Return a text with the values of the facts that it quotes.

    Raises:
        UnknownFact: It quotes one that is not there.
    """
    return QUOTED.sub(lambda found: told(fact(scene, found[1])), text)


def filled_as_far(scene: Scene, text: str) -> str:
    """Return a text on one line; facts that are not there any more are left out.

    Args:
        scene: What it is about, which may have been changed in any way.
        text: Of a task.
    """

    def found(quoted: re.Match[str]) -> str:
        try:
            return told(fact(scene, quoted[1]))
        except UnknownFact:
            return "…"

    return " ".join(QUOTED.sub(found, text).split())
