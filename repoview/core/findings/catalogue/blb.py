"""References to blobs in records."""

from __future__ import annotations

from typing import Final

from repoview.core.findings.catalogue.rule import ERROR, INFO, RECORD, WARNING, Rule
from repoview.core.findings.catalogue.specs import BLOB, DATA

RULES: Final = (
    Rule(
        "BLB001",
        "blob-ref-well-formed",
        ERROR,
        RECORD,
        "a reference to a blob is malformed",
        must=(
            'A reference to a blob must be a map of `$type`, which is "blob", `ref`, '
            "`mimeType` and `size`, each of its type."
        ),
        recovery="It is shown as it is.",
        sources=(DATA.at("blob Type"),),
    ),
    Rule(
        "BLB002",
        "blob-cid-raw",
        WARNING,
        RECORD,
        "a blob is not named by a raw CID with sha-256",
        must=(
            "The CID of a blob must be of version 1, with the raw codec and a sha-256 "
            "digest."
        ),
        recovery="The CID is kept as it is.",
        sources=(BLOB.at("Blob Metadata"),),
    ),
    Rule(
        "BLB003",
        "blob-size-positive",
        WARNING,
        RECORD,
        "the size of a blob is not positive",
        must="The `size` of a blob should be over 0.",
        recovery="The size is shown as it is.",
        sources=(DATA.at("blob Type"), BLOB.at()),
        note=(
            "The data model wants a size over zero, while the blob specification "
            "allows an empty blob."
        ),
    ),
    Rule(
        "BLB004",
        "blob-ref-current-form",
        INFO,
        RECORD,
        "a reference to a blob is of the older form",
        must=(
            "A reference to a blob should not be of the older form, `cid` and "
            "`mimeType`, which readers must still take."
        ),
        recovery="It is taken as a reference without a size.",
        sources=(DATA.at("blob Type"),),
    ),
    Rule(
        "BLB005",
        "blob-media-type",
        WARNING,
        RECORD,
        "the media type of a blob is empty or has no slash",
        must=(
            "The `mimeType` of a blob must not be empty, and should be a media type "
            "such as image/jpeg."
        ),
        recovery="It is shown as it is.",
        sources=(DATA.at("blob Type"),),
    ),
)
