"""The codes CID, explained."""

from __future__ import annotations

from typing import Final

from repoview.core.findings.explained.explanation import Explanation
from repoview.core.findings.explained.readers import ALL, Readers

EXPLAINED: Final = {
    "CID001": Explanation(
        cause=(
            "A wrong length before it, so that a reader stands in the middle of a "
            "block; or damaged bytes."
        ),
        fix="Write the binary CID, 36 bytes in atproto, without a multibase prefix.",
        readers=Readers(ALL),
    ),
    "CID002": Explanation(
        cause="Blocks made by tools of IPFS that still write version 0 (`Qm…`).",
        fix="Write version 1 CIDs.",
        readers=Readers(
            "TS AC AM CB LI",
            note="They refuse the whole file.",
        ),
    ),
    "CID003": Explanation(
        cause="Blocks of another system in the file, such as dag-pb of IPFS.",
        fix="Leave blocks of other kinds out of the CAR of a repository.",
        readers=Readers("AM LI AC"),
    ),
    "CID004": Explanation(
        cause=(
            "A library with another default hash, or blocks made so that no reader "
            "checks them."
        ),
        fix="Hash blocks with sha2-256. Do not use a block that you cannot hash.",
        readers=Readers(
            "AC TS",
            note=(
                "@atproto/repo does so only because it takes every CID to have 36 "
                "bytes."
            ),
        ),
    ),
    "CID005": Explanation(
        cause=(
            "A digest that was shortened, to save room or to make another block of the "
            "same name easier to find."
        ),
        fix="Write the digest whole. Refuse a shorter one.",
        readers=Readers("AC AM"),
    ),
    "CID006": Explanation(
        cause=(
            "An IPFS library that puts small blocks into their CIDs, or the empty root "
            "that CARv1 suggests."
        ),
        fix="Turn such inlining off.",
        readers=Readers("TS AC AM LI"),
    ),
    "CID008": Explanation(
        cause="A writer that names nodes with the raw codec, or by another hash.",
        fix=(
            "Name commits and nodes by dag-cbor CIDs, and check the form of a link "
            "before you follow it."
        ),
        readers=Readers(
            "AM LI",
            miss="TS AC AR IG*",
            note="indigo has an open issue about it (1229).",
        ),
    ),
    "CID009": Explanation(
        cause="A writer that names records with the raw codec, or by another hash.",
        fix="Name records by dag-cbor CIDs.",
        readers=Readers("AM LI"),
    ),
}
