"""CIDs of blocks, and of links in the tree."""

from __future__ import annotations

from typing import Final

from repoview.core.findings.catalogue.rule import CONTAINER, ERROR, TREE, WARNING, Rule
from repoview.core.findings.catalogue.specs import CID, DATA, IETF, REPO

RULES: Final = (
    Rule(
        "CID001",
        "cid-well-formed",
        ERROR,
        CONTAINER,
        "a section does not begin with a CID",
        must=(
            "A section must begin with a CID: `12 20` and 32 bytes, or version 1, "
            "codec, hash function, digest size and digest."
        ),
        recovery="The section is passed by, by its length.",
        sources=(CID.at("Decoding Algorithm"),),
    ),
    Rule(
        "CID002",
        "cid-version-1",
        WARNING,
        CONTAINER,
        "a block has a CID of version 0",
        must="A block must have a CID of version 1.",
        recovery="The block is kept, and not decoded.",
        sources=(DATA.at("CID Formats"),),
    ),
    Rule(
        "CID003",
        "cid-codec-known",
        WARNING,
        CONTAINER,
        "a block's codec is neither dag-cbor nor raw",
        must="The codec of a block must be dag-cbor for data, or raw for blobs.",
        recovery="The block is kept, and not decoded.",
        sources=(DATA.at("CID Formats"),),
    ),
    Rule(
        "CID004",
        "cid-hash-sha256",
        WARNING,
        CONTAINER,
        "a CID is not hashed with sha2-256",
        must="A CID must be hashed with sha2-256.",
        recovery=(
            "It is verified where its function is a strong one that we know, and "
            "called unverified otherwise."
        ),
        sources=(DATA.at("CID Formats"),),
        note=(
            "A block in the tree that cannot be hashed is an error, for then nothing "
            "proves it."
        ),
    ),
    Rule(
        "CID005",
        "cid-digest-32-bytes",
        WARNING,
        CONTAINER,
        "a sha2-256 digest does not have 32 bytes",
        must="A sha2-256 digest must have 32 bytes.",
        recovery="The block is kept, and not verified.",
        sources=(DATA.at("CID Formats"),),
        note=(
            "A block in the tree that cannot be hashed is an error, for then nothing "
            "proves it."
        ),
    ),
    Rule(
        "CID006",
        "cid-not-identity",
        WARNING,
        CONTAINER,
        "a CID holds the data itself",
        must="A CID must not hold the data itself, in place of a hash of it.",
        recovery="The data is taken from the CID.",
        sources=(DATA.at("CID Formats"),),
        note=(
            "Identity CIDs are legal in a CAR, but never in atproto. In the tree it is "
            "an error."
        ),
    ),
    Rule(
        "CID008",
        "cid-tree-link-form",
        ERROR,
        TREE,
        "a link of the tree is not to dag-cbor with sha-256",
        must=(
            "`data` and `prev` of a commit, and `l` and `t` of a node, must be version "
            "1 CIDs with dag-cbor and sha-256."
        ),
        recovery="The link is followed all the same, if its block is there.",
        sources=(REPO.at("CID Formats"),),
        note="With another form the whole tree is invalid.",
    ),
    Rule(
        "CID009",
        "cid-record-link-form",
        WARNING,
        TREE,
        "a link to a record is not to dag-cbor with sha-256",
        must="A link to a record should be a version 1 CID with dag-cbor and sha-256.",
        recovery=(
            "The link is kept as it is; its block is judged only if it is dag-cbor."
        ),
        sources=(REPO.at("CID Formats"), IETF.at()),
        note=(
            "The atproto repository specification leaves `v` some freedom, while the "
            "IETF draft allows this form only: in the strict profile it is an error."
        ),
    ),
)
