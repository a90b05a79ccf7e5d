"""The codes LIM, explained."""

from __future__ import annotations

from typing import Final

from repoview.core.findings.explained.explanation import Explanation

EXPLAINED: Final = {
    "LIM001": Explanation(
        cause=(
            "The file is larger than the limits allow, or made to take much of the "
            "machine."
        ),
        fix="There is nothing to do, if the file is meant to be so large.",
    ),
    "LIM002": Explanation(
        cause="The same is wrong in many places.",
        fix="Mend the first, and verify again.",
    ),
}
