"""The codes REC, explained."""

from __future__ import annotations

from typing import Final

from repoview.core.findings.explained.explanation import Explanation
from repoview.core.findings.explained.readers import Readers

EXPLAINED: Final = {
    "REC001": Explanation(
        cause=(
            "JSON or a file stored as a record, or a record that was damaged before "
            "its block was hashed."
        ),
        fix="Encode records with a DAG-CBOR encoder.",
        readers=Readers(
            "TS AC AM AR",
            note="@atproto/repo does so when the record is decoded.",
        ),
    ),
    "REC002": Explanation(
        cause="A text, a list or a number stored as a record.",
        fix="Refuse to write a record that is no map.",
        readers=Readers(
            "TS",
            miss="AC AM AR",
            note="@atproto/repo does so when the record is decoded.",
        ),
    ),
    "REC003": Explanation(
        cause=(
            "A program that writes records without it, where the host does not add or "
            "check it."
        ),
        fix="Set `$type` to the collection.",
        readers=Readers(),
    ),
    "REC004": Explanation(
        cause="A program that writes another value, or an empty one, in its place.",
        fix="Set `$type` to the collection.",
        readers=Readers(
            "IG*",
            note="indigo does so in its package atdata.",
        ),
    ),
    "REC005": Explanation(
        cause=(
            "A record that was moved or copied to another collection, or written by a "
            "host that does not check."
        ),
        fix="Set `$type` to the collection.",
        readers=Readers(
            note="The PDS of @atproto checks it when a record is written.",
        ),
    ),
    "REC006": Explanation(
        cause="A long text, a list that grew, or a file in a record.",
        fix="Store large data as blobs, or spread it over several records.",
        readers=Readers(
            "IG*",
            note="indigo does so from 1 MiB on.",
        ),
    ),
    "REC007": Explanation(
        cause=(
            "Text that was copied from a terminal or a document; or text made to "
            "mislead."
        ),
        fix="Escape text before you show it.",
        readers=Readers(),
    ),
    "REC008": Explanation(
        cause=(
            "Records made of JSON where `$link` and `$bytes` were not turned into "
            "links and bytes."
        ),
        fix="Turn `$link` and `$bytes` into links and bytes when you read JSON.",
        readers=Readers(),
    ),
    "REC009": Explanation(
        cause="A link to something of IPFS.",
        fix="Link to records and blobs of atproto; write other CIDs as text.",
        readers=Readers(
            "AC",
            note="atcute refuses the record.",
        ),
    ),
    "REC010": Explanation(
        cause="A document, a tree or a thread stored in one record.",
        fix="Store it flat, with references.",
        readers=Readers(),
    ),
    "REC011": Explanation(
        cause="Two records with exactly the same content.",
        fix="Do not take a CID for the name of one record: its path is.",
        readers=Readers(
            note="atcute leaves such records out when it reads a stream.",
        ),
    ),
}
