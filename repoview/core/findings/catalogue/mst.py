"""Nodes of the tree, and how it hangs together."""

from __future__ import annotations

from typing import Final

from repoview.core.findings.catalogue.rule import ERROR, TREE, WARNING, Rule
from repoview.core.findings.catalogue.specs import LEXICON, REPO

RULES: Final = (
    Rule(
        "MST001",
        "mst-node-is-node",
        ERROR,
        TREE,
        "a link of the tree leads to something that is no node",
        must="`data`, `l` and `t` must link to nodes, which are maps with `e` and `l`.",
        recovery="Its place is a hole, with the range of keys that it hides.",
        sources=(REPO.at("MST Structure"),),
    ),
    Rule(
        "MST002",
        "mst-fields-known",
        ERROR,
        TREE,
        "a node or entry has a field of its own",
        must=(
            "A node must have `e` and `l` and an entry `k`, `p`, `t` and `v`, and no "
            "other field."
        ),
        recovery="The field is left aside.",
        sources=(REPO.at("MST Structure"),),
        note="A tree with more is not the one that its keys give.",
    ),
    Rule(
        "MST003",
        "mst-fields-present",
        ERROR,
        TREE,
        "a field of a node or entry is missing",
        must=(
            "All fields of a node and of an entry must be there, even those that are "
            "null."
        ),
        recovery=(
            "It is taken to be null, or 0; an entry without `k` or `v` gives no record."
        ),
        sources=(REPO.at("MST Structure"),),
    ),
    Rule(
        "MST004",
        "mst-field-types",
        ERROR,
        TREE,
        "a field of a node or entry is of another type",
        must=(
            "`e` must be an array of maps, `k` bytes, `p` an integer, `v` a link, and "
            "`l` and `t` links or null."
        ),
        recovery="The node is not used: its place is a hole.",
        sources=(REPO.at("MST Structure"),),
    ),
    Rule(
        "MST005",
        "mst-first-prefix-zero",
        ERROR,
        TREE,
        "the first entry of a node shares bytes with a key before it",
        must="The first entry of a node must have `p` 0, as no key stands before it.",
        recovery="`k` is taken as the whole key.",
        sources=(REPO.at("MST Structure"),),
    ),
    Rule(
        "MST006",
        "mst-prefix-within",
        ERROR,
        TREE,
        "an entry shares more bytes than the key before it has",
        must="`p` must not be more than the bytes of the key before, in the same node.",
        recovery=(
            "The keys from there on cannot be known; the sub-trees of the node are "
            "walked."
        ),
        sources=(REPO.at("MST Structure"),),
    ),
    Rule(
        "MST007",
        "mst-prefix-not-negative",
        ERROR,
        TREE,
        "an entry shares a negative number of bytes",
        must="`p` must be 0 or more.",
        recovery=(
            "The keys from there on cannot be known; the sub-trees of the node are "
            "walked."
        ),
        sources=(REPO.at("MST Structure"),),
    ),
    Rule(
        "MST008",
        "mst-prefix-maximal",
        ERROR,
        TREE,
        "an entry shares fewer bytes than it could",
        must=(
            "`p` must count all bytes that a key has in common with the one before it."
        ),
        recovery="The key is used.",
        sources=(REPO.at("MST Structure"),),
        note="So a tree has one form.",
    ),
    Rule(
        "MST009",
        "mst-keys-ascend",
        ERROR,
        TREE,
        "keys of a node are out of order",
        must="The keys of a node must ascend by their bytes.",
        recovery="The key is listed where it stands, and bounds no other.",
        sources=(REPO.at("MST Structure"),),
    ),
    Rule(
        "MST010",
        "mst-keys-unique",
        ERROR,
        TREE,
        "a key stands in a node twice",
        must="Each key must be in a node once.",
        recovery="Both are listed; a look-up finds the first.",
        sources=(REPO.at("MST Structure"),),
    ),
    Rule(
        "MST011",
        "mst-node-one-depth",
        ERROR,
        TREE,
        "a node has keys of several depths",
        must=(
            "All keys of a node must have one depth, which is the number of leading "
            "zero bit pairs of their SHA-256."
        ),
        recovery="They are listed where they stand.",
        sources=(REPO.at("MST Structure"),),
    ),
    Rule(
        "MST012",
        "mst-child-depth",
        ERROR,
        TREE,
        "a node hangs at another depth than its parent gives it",
        must="A child must be exactly one depth below its parent.",
        recovery="It is walked where it hangs.",
        sources=(REPO.at("MST Structure"),),
        note="Empty nodes bridge what lies between.",
    ),
    Rule(
        "MST013",
        "mst-not-below-zero",
        ERROR,
        TREE,
        "a node hangs below depth 0",
        must="A node must not hang below depth 0, the lowest that a key can have.",
        recovery="It is walked where it hangs.",
        sources=(REPO.at("MST Structure"),),
    ),
    Rule(
        "MST014",
        "mst-key-in-range",
        ERROR,
        TREE,
        "a key is outside its parent's range",
        must="The keys below a link must lie between the keys to its left and right.",
        recovery=(
            "The key is listed where it stands, and bounds no other. A look-up may "
            "miss it."
        ),
        sources=(REPO.at("MST Structure"),),
    ),
    Rule(
        "MST015",
        "mst-no-empty-leaf",
        ERROR,
        TREE,
        "an empty node stands in the tree",
        must=(
            "A node without entries and links must not stand in a tree, unless it is "
            "the one node of an empty repository."
        ),
        recovery="There is nothing in it to walk.",
        sources=(REPO.at("MST Structure"),),
    ),
    Rule(
        "MST016",
        "mst-top-trimmed",
        ERROR,
        TREE,
        "the top node is not trimmed",
        must="The top node must have entries, unless the repository is empty.",
        recovery="The walk goes on below it.",
        sources=(REPO.at("MST Structure"),),
        note="One with only a left link is cut away.",
    ),
    Rule(
        "MST017",
        "mst-node-once",
        ERROR,
        TREE,
        "a node is linked to twice",
        must=(
            "A node must be linked to once, for its keys would be in the tree twice "
            "otherwise."
        ),
        recovery="It is walked the first time only.",
        sources=(REPO.at("MST Structure"),),
    ),
    Rule(
        "MST018",
        "mst-keys-ascend-overall",
        ERROR,
        TREE,
        "a key is not greater than the one before it",
        must="Keys must ascend over the whole tree.",
        recovery="The key is listed where it stands, and bounds no other.",
        sources=(REPO.at("MST Structure"),),
    ),
    Rule(
        "MST019",
        "mst-node-width-usual",
        WARNING,
        TREE,
        "a node has unusually many entries",
        must="A node should have no more than 64 entries.",
        recovery="All are read.",
        sources=(REPO.at("Security Considerations"),),
        note=(
            "Three entries in four are followed by another, so 64 in a row come once "
            "in 10**8 nodes."
        ),
    ),
    Rule(
        "MST020",
        "mst-node-width-bounded",
        ERROR,
        TREE,
        "a node has more entries than chance can give",
        must="A node must not have more than 200 entries.",
        recovery="Up to 8,192 are read.",
        sources=(REPO.at("Security Considerations"),),
        note=(
            "Readers bound the size of nodes against mined keys. Over 200 happens by "
            "chance once in 10**25 nodes."
        ),
    ),
    Rule(
        "MST021",
        "mst-height-plausible",
        WARNING,
        TREE,
        "the top node is higher than chance can give",
        must="The top node should not be at a depth over 24.",
        recovery="The tree is walked.",
        sources=(REPO.at("Security Considerations"),),
        note=(
            "Readers bound the depth of trees against mined keys. A key of depth 24 "
            "takes 4**24 hashes to find."
        ),
    ),
    Rule(
        "MST022",
        "mst-depth-bounded",
        ERROR,
        TREE,
        "the tree goes on below what SHA-256 allows",
        must="A tree must not have more than 129 nodes on a way down.",
        recovery="What lies below is not walked.",
        sources=(REPO.at("MST Structure"),),
        note="A digest of 256 bits gives the depths 128 to 0.",
    ),
    Rule(
        "MST024",
        "mst-tree-deterministic",
        ERROR,
        TREE,
        "the tree is not the one that its keys give",
        must="A tree must be the one that its keys and links give.",
        recovery="The tree is shown as it stands in the file.",
        sources=(REPO.at("MST Structure"),),
    ),
    Rule(
        "MST025",
        "mst-block-one-role",
        WARNING,
        TREE,
        "a block is used both as a node and as a record",
        must="A block should not be used both as a node and as a record.",
        recovery="It is shown in each place as what the link makes of it.",
        sources=(REPO.at("MST Structure"), LEXICON.at()),
        note="A record has a `$type` and a node has none, so no honest block is both.",
    ),
)
