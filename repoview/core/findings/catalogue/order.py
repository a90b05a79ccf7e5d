"""The order of the blocks."""

from __future__ import annotations

from typing import Final

from repoview.core.findings.catalogue.rule import CONTAINER, INFO, Rule
from repoview.core.findings.catalogue.specs import IETF, REPO

RULES: Final = (
    Rule(
        "ORD001",
        "order-of-walk",
        INFO,
        CONTAINER,
        "the blocks are not in the order of the walk",
        must=(
            "Blocks should stand in the order of the walk: commit, top node, and then "
            "from left to right, each node and record where it is met first."
        ),
        recovery="The file is read as a whole before the tree is walked.",
        sources=(REPO.at("CAR File Serialization"), IETF.at()),
        note="Hardly any host writes it.",
    ),
    Rule(
        "ORD002",
        "order-commit-first",
        INFO,
        CONTAINER,
        "the commit is not the first block",
        must="The commit should be the first block.",
        recovery="It is found by its CID.",
        sources=(REPO.at("CAR File Serialization"), IETF.at()),
    ),
    Rule(
        "ORD003",
        "order-named",
        INFO,
        CONTAINER,
        "the order of the blocks",
        must="Blocks may stand in any order, which readers must tolerate.",
        recovery=(
            "The first that fits is named: preorder, nodes-first, cid-ascending, "
            "cid-descending or mixed."
        ),
        sources=(REPO.at("CAR File Serialization"),),
    ),
)
