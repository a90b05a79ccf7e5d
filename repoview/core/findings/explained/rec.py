"""The codes REC, explained."""

from __future__ import annotations

from typing import Final

from repoview.core.findings.explained.explanation import Explanation
from repoview.core.findings.explained.readers import Readers

EXPLAINED: Final = {
    "REC001": Explanation(
        why=(
            "The tree vouches for the bytes, not for their meaning. Without one "
            "format, nobody could read a record without asking who wrote it."
        ),
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
        why=(
            "A record has fields, and the first of them says what it is. Other values "
            "have no place for a `$type`, nor for fields that come later."
        ),
        cause="A text, a list or a number stored as a record.",
        fix="Refuse to write a record that is no map.",
        readers=Readers(
            "TS",
            miss="AC AM AR",
            note="@atproto/repo does so when the record is decoded.",
        ),
    ),
    "REC003": Explanation(
        why=(
            "A record is passed on without its path, in events, caches and files. Then "
            "`$type` is all that says which schema it has."
        ),
        cause=(
            "A program that writes records without it, where the host does not add or "
            "check it."
        ),
        fix="Set `$type` to the collection.",
        readers=Readers(),
    ),
    "REC004": Explanation(
        why=(
            "Software chooses the schema by this text. Anything else leads to none, "
            "and some languages compare such values in surprising ways."
        ),
        cause="A program that writes another value, or an empty one, in its place.",
        fix="Set `$type` to the collection.",
        readers=Readers(
            "IG*",
            note="indigo does so in its package atdata.",
        ),
    ),
    "REC005": Explanation(
        why=(
            "The path says what may write it and who subscribes to it, the `$type` how "
            "it is shown. If they differ, a record gets by what only looks at one of "
            "them."
        ),
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
        why=(
            "Relays and other services drop what is larger: the record is on its host, "
            "and nobody else sees it."
        ),
        cause="A long text, a list that grew, or a file in a record.",
        fix="Store large data as blobs, or spread it over several records.",
        readers=Readers(
            "IG*",
            note="indigo does so from 1 MiB on.",
        ),
    ),
    "REC007": Explanation(
        why=(
            "What turns the direction of text, or hides it, makes people read "
            "something else than what is written, such as another name or address."
        ),
        cause=(
            "Text that was copied from a terminal or a document; or text made to "
            "mislead."
        ),
        fix="Escape text before you show it.",
        readers=Readers(),
    ),
    "REC008": Explanation(
        why=(
            "A record that is JSON again must come back as it was. `$link` in a map "
            "that is no link becomes one on the way, and the record another."
        ),
        cause=(
            "Records made of JSON where `$link` and `$bytes` were not turned into "
            "links and bytes."
        ),
        fix="Turn `$link` and `$bytes` into links and bytes when you read JSON.",
        readers=Readers(),
    ),
    "REC009": Explanation(
        why=(
            "Links are followed by hosts and by those who collect blocks. Of another "
            "codec or hash they find nothing, or cannot check what they find."
        ),
        cause="A link to something of IPFS.",
        fix="Link to records and blobs of atproto; write other CIDs as text.",
        readers=Readers(
            "AC",
            note="atcute refuses the record.",
        ),
    ),
    "REC010": Explanation(
        why=(
            "Decoders have a stack, and each its own limit. A record below the advised "
            "depth can be read by all of them."
        ),
        cause="A document, a tree or a thread stored in one record.",
        fix="Store it flat, with references.",
        readers=Readers(),
    ),
    "REC011": Explanation(
        why=(
            "A block is named by its content, so equal records cannot be two blocks. "
            "Software that keeps one path for each CID loses the others."
        ),
        cause="Two records with exactly the same content.",
        fix="Do not take a CID for the name of one record: its path is.",
        readers=Readers(
            note="atcute leaves such records out when it reads a stream.",
        ),
    ),
}
