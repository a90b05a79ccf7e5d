"""Permissioned spaces, which are no repositories."""

from __future__ import annotations

from typing import Final

from repoview.core.findings.catalogue.rule import INFO, TREE, Rule
from repoview.core.findings.catalogue.specs import SPACES

RULES: Final = (
    Rule(
        "SPC001",
        "space-not-a-repository",
        INFO,
        TREE,
        "the file is the CAR of a permissioned space",
        must=(
            "The CAR of a permissioned space must not be judged as a repository: it "
            "has two roots, a signed commit and an index, and no tree."
        ),
        recovery=(
            "Its blocks are listed; the rules of a repository are not applied to it."
        ),
        sources=(SPACES.at(),),
    ),
)
