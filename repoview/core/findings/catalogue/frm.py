"""Frames of the event stream, and what they say of their commit."""

from __future__ import annotations

from typing import Final

from repoview.core.findings.catalogue.rule import (
    CONTAINER,
    ERROR,
    FATAL,
    INFO,
    MISSING,
    TREE,
    WARNING,
    Rule,
)
from repoview.core.findings.catalogue.specs import EVENTS, STREAM, SYNC

RULES: Final = (
    Rule(
        "FRM001",
        "frame-readable",
        FATAL,
        CONTAINER,
        "the frame cannot be read",
        must=(
            "A frame must be two DAG-CBOR maps, header and payload, one behind the "
            "other."
        ),
        recovery=(
            "Nothing of it is used. Without its end, what follows is not known either."
        ),
        sources=(STREAM.at("Framing"),),
    ),
    Rule(
        "FRM002",
        "frame-complete",
        ERROR,
        CONTAINER,
        "the frame is cut off or broken",
        must="A frame must end where its payload does, a DAG-CBOR map.",
        recovery=(
            "The fields before are used, and of the CAR what there is of it. Nothing "
            "behind it is read."
        ),
        sources=(STREAM.at("Framing"),),
    ),
    Rule(
        "FRM003",
        "frame-fields-present",
        ERROR,
        CONTAINER,
        "a field of the frame is missing",
        must="A frame must have all fields that its type of event requires.",
        recovery="What depends on it is not told.",
        sources=(EVENTS.at(),),
        note=(
            "Without `blocks` there is no repository, which is fatal; fields that are "
            "of no use any more are warnings."
        ),
    ),
    Rule(
        "FRM004",
        "frame-field-types",
        ERROR,
        CONTAINER,
        "a field of the frame is not what it must be",
        must=(
            "Each field of a frame must have its type, and the fields of an operation "
            "must go together."
        ),
        recovery="It is taken as missing.",
        sources=(EVENTS.at(),),
        note="What is created has no `prev`, and what is deleted no `cid`.",
    ),
    Rule(
        "FRM005",
        "frame-extra-fields",
        INFO,
        CONTAINER,
        "the frame has fields of its own",
        must=(
            "A frame may have fields that readers do not know, which they must ignore."
        ),
        recovery="They are named and left aside.",
        sources=(STREAM.at("Framing"),),
    ),
    Rule(
        "FRM006",
        "frame-within-limits",
        WARNING,
        CONTAINER,
        "the frame is over a limit of the event stream",
        must=(
            "A frame must have at most 5 MB, the blocks of a commit 2 MB, those of a "
            "#sync event 10 KB, and a commit 200 operations."
        ),
        recovery="It is read all the same, up to 16 MiB and 1,000 operations.",
        sources=(SYNC.at("Firehose"),),
    ),
    Rule(
        "FRM007",
        "frame-type-known",
        INFO,
        CONTAINER,
        "the event is of no known type",
        must="Readers must ignore messages whose `op` or `t` they do not know.",
        recovery="Its fields are left aside.",
        sources=(STREAM.at("Framing"),),
    ),
    Rule(
        "FRM008",
        "frame-after-frame",
        ERROR,
        CONTAINER,
        "bytes behind the frame are no frame",
        must=(
            "In a saved stream, each frame must follow directly behind the one before."
        ),
        recovery="They are left unread.",
    ),
    Rule(
        "FRM009",
        "frame-canonical",
        WARNING,
        CONTAINER,
        "the frame is not canonical",
        must="The header and the payload of a frame must be canonical DAG-CBOR.",
        recovery="What it says is used.",
        sources=(STREAM.at("Framing"),),
    ),
    Rule(
        "FRM010",
        "frame-matches-commit",
        ERROR,
        TREE,
        "the frame says something else than its commit",
        must=(
            "The `repo` of a frame must be the commit's `did`, its `rev` the commit's, "
            "its `commit` the root of the CAR, and its `since` an earlier rev."
        ),
        recovery="What the commit says is used.",
        sources=(SYNC.at("Firehose"),),
    ),
    Rule(
        "FRM011",
        "frame-operations-hold",
        ERROR,
        TREE,
        "the tree contradicts an operation",
        must=(
            "What a commit created or updated must stand in its tree, with the CID "
            "that the operation has, and what it deleted must not."
        ),
        recovery="The tree is shown as it is.",
        sources=(SYNC.at("Firehose"),),
    ),
    Rule(
        "FRM012",
        "frame-operations-provable",
        ERROR,
        MISSING,
        "nothing can be told of an operation",
        must=(
            "The blocks of a commit must have the records that it created or updated, "
            "and the nodes on the way to each path."
        ),
        recovery="The block that is missing is named. The operation may be right.",
        sources=(SYNC.at("Firehose"),),
    ),
    Rule(
        "FRM013",
        "frame-operations-complete",
        ERROR,
        TREE,
        "undoing the operations does not give the tree before",
        must=(
            "The tree with each operation undone must have `prevData` as its top node."
        ),
        recovery="Each step is shown with the top node that it gives.",
        sources=(SYNC.at("Inductive Firehose"),),
        note="So the operations are all that changed.",
    ),
    Rule(
        "FRM014",
        "frame-operations-undoable",
        ERROR,
        MISSING,
        "an operation cannot be undone",
        must=(
            "An operation that updates or deletes must have `prev`, and the blocks of "
            "a commit must have all nodes that undoing it opens."
        ),
        recovery="The other operations are undone.",
        sources=(SYNC.at("Inductive Firehose"),),
    ),
    Rule(
        "FRM015",
        "frame-has-prev-data",
        INFO,
        TREE,
        "the event does not say what the tree was before",
        must="An event should say in `prevData` what the top node was before.",
        recovery="The operations are compared with the tree as it is now only.",
        sources=(SYNC.at("Inductive Firehose"),),
        note="Events have it since 2025.",
    ),
    Rule(
        "FRM016",
        "frame-one-operation-a-path",
        ERROR,
        CONTAINER,
        "several operations are of one path",
        must="A commit must have at most one operation a path.",
        recovery="The last one is compared with the tree.",
        sources=(SYNC.at("Firehose"),),
    ),
    Rule(
        "FRM017",
        "frame-more-frames",
        INFO,
        CONTAINER,
        "another frame follows",
        must="In a saved stream, another frame may follow.",
        recovery="The first is opened, or the one that was asked for.",
    ),
)
