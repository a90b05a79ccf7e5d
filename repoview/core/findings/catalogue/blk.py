"""Blocks: their bytes, copies, and whether they are there and linked."""

from __future__ import annotations

from typing import Final

from repoview.core.findings.catalogue.rule import (
    CONTAINER,
    ERROR,
    INFO,
    MISSING,
    TREE,
    WARNING,
    Rule,
)
from repoview.core.findings.catalogue.specs import DASL_CAR, GUIDE, IETF, REPO, SYNC

RULES: Final = (
    Rule(
        "BLK001",
        "block-hash-matches",
        ERROR,
        TREE,
        "a block's bytes do not hash to its CID",
        must="The bytes of a block must hash to its CID.",
        recovery=(
            "Its bytes are kept to be looked at, and otherwise it counts as missing."
        ),
        sources=(REPO.at("CAR File Serialization"), DASL_CAR.at()),
    ),
    Rule(
        "BLK002",
        "block-not-repeated",
        INFO,
        CONTAINER,
        "blocks stand in the file more than once",
        must=(
            "A block should stand in a file once, and readers must put up with copies."
        ),
        recovery="The first copy is used.",
        sources=(REPO.at("CAR File Serialization"),),
    ),
    Rule(
        "BLK003",
        "block-single-content",
        ERROR,
        CONTAINER,
        "a block stands in the file again, with other bytes",
        must="Blocks of one CID must have the same bytes.",
        recovery="The copy that hashes is used.",
        sources=(DASL_CAR.at(),),
        note="At most one of them can hash to the CID.",
    ),
    Rule(
        "BLK004",
        "block-reachable",
        INFO,
        CONTAINER,
        "nothing links to some blocks",
        must=(
            "A file should hold only blocks that its commit leads to, and readers must "
            "ignore others."
        ),
        recovery=(
            "They are left out of the tree. A report names the first hundred of them "
            "by CID, under `cids`."
        ),
        sources=(REPO.at("CAR File Serialization"),),
    ),
    Rule(
        "BLK005",
        "block-few-unlinked",
        WARNING,
        CONTAINER,
        "most of the file is blocks that nothing links to",
        must=(
            "Blocks that the commit does not lead to should not make up most of a file."
        ),
        recovery="They are left out of the tree.",
        sources=(IETF.at("Security Considerations"),),
        note="Readers ignore them, but large amounts are an abuse.",
    ),
    Rule(
        "BLK006",
        "block-at-most-1mb",
        WARNING,
        CONTAINER,
        "a block is over 1,000,000 bytes",
        must="A block should have at most 1,000,000 bytes.",
        recovery="It is read.",
        sources=(SYNC.at(),),
        note=(
            "The network carries records up to that size, and nodes and commits are "
            "far smaller."
        ),
    ),
    Rule(
        "BLK007",
        "block-at-most-2mib",
        WARNING,
        CONTAINER,
        "a block is over 2 MiB",
        must="A block should have at most 2 MiB.",
        recovery="It is read when it is needed.",
        sources=(GUIDE.at("Recommended Data Limits"),),
        note="No honest commit or node comes near it, and several readers refuse it.",
    ),
    Rule(
        "BLK008",
        "block-node-present",
        ERROR,
        MISSING,
        "a node is missing",
        must=(
            "A file of a whole repository must hold every node that its tree links to."
        ),
        recovery="Its place is a hole, with the range of keys that it hides.",
        sources=(REPO.at("CAR File Serialization"),),
        note="A slice leaves out most.",
    ),
    Rule(
        "BLK009",
        "block-record-present",
        ERROR,
        MISSING,
        "the block of a record is missing",
        must=(
            "A file of a whole repository must hold every record that its tree links "
            "to."
        ),
        recovery="Its path and CID are listed.",
        sources=(REPO.at("CAR File Serialization"),),
        note="A slice leaves out most.",
    ),
    Rule(
        "BLK010",
        "block-partial-car",
        INFO,
        MISSING,
        "blocks of the tree are absent",
        must="A file may hold a part of a repository, such as a slice or a proof.",
        recovery=(
            "What is there is shown, with its holes. What the file looks like is told, "
            "and explains the blocks that are missing."
        ),
        sources=(SYNC.at(),),
        note="Nothing in a file says that it is one.",
    ),
    Rule(
        "BLK011",
        "block-older-revision",
        INFO,
        CONTAINER,
        "blocks that nothing links to look like an older tree",
        must=(
            "A file should hold the tree of one revision, and readers must ignore "
            "older ones."
        ),
        recovery=(
            "They are left out of the tree. A report names the first hundred of them "
            "by CID, under `cids`."
        ),
        sources=(REPO.at("CAR File Serialization"),),
    ),
    Rule(
        "BLK012",
        "block-unlinked-ignored",
        INFO,
        CONTAINER,
        "a block that nothing links to is not sound DAG-CBOR",
        must=(
            "Readers must ignore blocks that the tree does not lead to, whatever they "
            "hold."
        ),
        recovery="It is kept as bytes.",
        sources=(REPO.at("CAR File Serialization"),),
    ),
)
