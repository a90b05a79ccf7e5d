"""The codes CID, explained."""

from __future__ import annotations

from typing import Final

from repoview.core.findings.explained.explanation import Explanation
from repoview.core.findings.explained.readers import ALL, Readers

EXPLAINED: Final = {
    "CID001": Explanation(
        why=(
            "The CID says by which function the bytes are to be hashed, and what must "
            "come out. Without it the block cannot be checked, nor found by a link."
        ),
        cause=(
            "A wrong length before it, so that a reader stands in the middle of a "
            "block; or damaged bytes."
        ),
        fix="Write the binary CID, 36 bytes in atproto, without a multibase prefix.",
        readers=Readers(ALL),
    ),
    "CID002": Explanation(
        why=(
            "The same block under a name of another version is not found by links of "
            "this one. And version 0 says nothing of the codec: it means dag-pb "
            "always."
        ),
        cause="Blocks made by tools of IPFS that still write version 0 (`Qm…`).",
        fix="Write version 1 CIDs.",
        readers=Readers(
            "TS AC AM CB LI",
            note="They refuse the whole file.",
        ),
    ),
    "CID003": Explanation(
        why=(
            "The codec says how the bytes are to be decoded. A reader that decodes one "
            "codec as another gives values that nobody wrote."
        ),
        cause="Blocks of another system in the file, such as dag-pb of IPFS.",
        fix="Leave blocks of other kinds out of the CAR of a repository.",
        readers=Readers("AM LI AC"),
    ),
    "CID004": Explanation(
        why=(
            "A CID proves its block only to those who compute that function, and a "
            "weak one proves it to nobody. With one function for all, every reader can "
            "check every block."
        ),
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
        why=(
            "Each byte that a digest lacks makes it 256 times easier to find other "
            "content with the same name. At 16 bytes, finding two blocks that share "
            "one is within reach."
        ),
        cause=(
            "A digest that was shortened, to save room or to make another block of the "
            "same name easier to find."
        ),
        fix="Write the digest whole. Refuse a shorter one.",
        readers=Readers("AC AM"),
    ),
    "CID006": Explanation(
        why=(
            "A CID that holds the data needs no block, so nothing bounds what stands "
            "in place of a link: nodes could hold whole sub-trees, and names would "
            "have any length."
        ),
        cause=(
            "An IPFS library that puts small blocks into their CIDs, or the empty root "
            "that CARv1 suggests."
        ),
        fix="Turn such inlining off.",
        readers=Readers("TS AC AM LI"),
    ),
    "CID008": Explanation(
        why=(
            "The commit, and through it the signature, covers the tree by these links "
            "only. With one form, a tree has one top CID, and equal CIDs mean equal "
            "trees."
        ),
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
        why=(
            "A record's CID is how others refer to it: likes, replies and reposts have "
            "it. With two forms, one record would have two names, and counts by CID "
            "would miss some."
        ),
        cause="A writer that names records with the raw codec, or by another hash.",
        fix="Name records by dag-cbor CIDs.",
        readers=Readers("AM LI"),
    ),
}
