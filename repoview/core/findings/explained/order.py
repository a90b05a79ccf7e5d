"""The codes ORD, explained."""

from __future__ import annotations

from typing import Final

from repoview.core.findings.explained.explanation import Explanation
from repoview.core.findings.explained.readers import Readers

EXPLAINED: Final = {
    "ORD001": Explanation(
        cause=(
            "A host that writes blocks as its database has them: by revision, by CID, "
            "or nodes before records."
        ),
        fix=(
            "Walk the tree and write each block where it is met first, so that readers "
            "need no index."
        ),
        readers=Readers(),
    ),
    "ORD002": Explanation(
        cause="A host that writes blocks as its database has them.",
        fix="Write the commit first.",
        readers=Readers(),
    ),
    "ORD003": Explanation(
        cause="It is told of every tree.",
        fix="Do not rely on an order.",
        readers=Readers(),
    ),
}
