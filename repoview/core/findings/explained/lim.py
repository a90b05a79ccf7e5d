"""The codes LIM, explained."""

from __future__ import annotations

from typing import Final

from repoview.core.findings.explained.explanation import Explanation

EXPLAINED: Final = {
    "LIM001": Explanation(
        why=(
            "A file comes from strangers, and what it costs must be decided by who "
            "reads it. That the reading ended is told, as nothing may be said of what "
            "was not read."
        ),
        cause=(
            "The file is larger than the limits allow, or made to take much of the "
            "machine."
        ),
        fix="There is nothing to do, if the file is meant to be so large.",
    ),
    "LIM002": Explanation(
        why=(
            "A file with one fault a million times over would fill memory and screen "
            "with the same sentence. They are all counted."
        ),
        cause="The same is wrong in many places.",
        fix="Mend the first, and verify again.",
    ),
}
