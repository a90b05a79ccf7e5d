"""The codes SPC, explained."""

from __future__ import annotations

from typing import Final

from repoview.core.findings.explained.explanation import Explanation
from repoview.core.findings.explained.readers import Readers

EXPLAINED: Final = {
    "SPC001": Explanation(
        why=(
            "Its records are in no tree, so what a repository proves by its tree is "
            "not proved there. To judge one by the rules of the other would call it "
            "broken."
        ),
        cause="An export of a permissioned space, which is not a repository.",
        fix="Tell it by its two roots, and read it by its own rules.",
        readers=Readers(),
    ),
}
