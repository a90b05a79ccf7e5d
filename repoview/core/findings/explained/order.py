"""The codes ORD, explained."""

from __future__ import annotations

from typing import Final

from repoview.core.findings.explained.explanation import Explanation
from repoview.core.findings.explained.readers import Readers

EXPLAINED: Final = {
    "ORD001": Explanation(
        why=(
            "In this order a reader can check and use each block as it comes, and "
            "needs to keep only the way down. In another it may have to keep the whole "
            "file."
        ),
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
        why=(
            "The commit says whose tree it is and where it begins. While it has not "
            "come, all that does must be kept on trust."
        ),
        cause="A host that writes blocks as its database has them.",
        fix="Write the commit first.",
        readers=Readers(),
    ),
    "ORD003": Explanation(
        why=(
            "A CAR is a set of blocks, and links do not depend on where one stands. To "
            "refuse an order would refuse nearly all files that hosts write today."
        ),
        cause="It is told of every tree.",
        fix="Do not rely on an order.",
        readers=Readers(),
    ),
}
