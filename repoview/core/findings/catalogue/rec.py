"""Records, one by one."""

from __future__ import annotations

from typing import Final

from repoview.core.findings.catalogue.rule import ERROR, INFO, RECORD, WARNING, Rule
from repoview.core.findings.catalogue.specs import (
    DATA,
    GUIDE,
    IETF,
    LEXICON,
    REPO,
    SYNC,
)

RULES: Final = (
    Rule(
        "REC001",
        "record-is-cbor",
        ERROR,
        RECORD,
        "the record is no CBOR",
        must="A record must be an item of DAG-CBOR.",
        recovery="Its bytes are shown.",
        sources=(DATA.at(),),
    ),
    Rule(
        "REC002",
        "record-is-map",
        ERROR,
        RECORD,
        "the record is not a map",
        must="A record must be a map.",
        recovery="Its value is shown.",
        sources=(DATA.at(), LEXICON.at()),
    ),
    Rule(
        "REC003",
        "record-has-type",
        ERROR,
        RECORD,
        "the record has no `$type`",
        must="A record must have a `$type`, which says what it is.",
        recovery="It is shown as it is.",
        sources=(LEXICON.at(), DATA.at()),
    ),
    Rule(
        "REC004",
        "record-type-text",
        ERROR,
        RECORD,
        "`$type` is not text, or empty",
        must=(
            "The `$type` of a record must be a text that is not empty, the NSID of its "
            "schema."
        ),
        recovery="It is shown as it is.",
        sources=(LEXICON.at(), DATA.at()),
    ),
    Rule(
        "REC005",
        "record-type-matches",
        ERROR,
        RECORD,
        "`$type` is not the collection",
        must="The `$type` of a record must be the collection in its path.",
        recovery="It is listed under its path. In the lenient profile it is a warning.",
        sources=(IETF.at("Records"),),
        note="Hosts check it when a record is written.",
    ),
    Rule(
        "REC006",
        "record-at-most-1mb",
        WARNING,
        RECORD,
        "the record is over 1,000,000 bytes",
        must="A record should have at most 1,000,000 bytes.",
        recovery="It is read.",
        sources=(SYNC.at(),),
        note="The network carries records up to that size.",
    ),
    Rule(
        "REC007",
        "record-plain-text",
        WARNING,
        RECORD,
        "a text holds control or direction characters",
        must="A text should hold no control or direction characters.",
        recovery="They are shown escaped.",
        note="Nothing forbids them, but on a screen they can change what is read.",
    ),
    Rule(
        "REC008",
        "record-reserved-keys",
        WARNING,
        RECORD,
        "a map has keys that are reserved",
        must=(
            "A map should have no keys with a `$` in front but those that the data "
            "model defines."
        ),
        recovery="They are kept as they are.",
        sources=(DATA.at("Data Types"),),
        note="In JSON, `$link` and `$bytes` mean something else.",
    ),
    Rule(
        "REC009",
        "record-link-form",
        WARNING,
        RECORD,
        "a link in the record is not of a form that atproto uses",
        must=(
            "A link in a record should be a version 1 CID with dag-cbor or raw and "
            "sha-256."
        ),
        recovery="The link is kept as it is.",
        sources=(DATA.at("CID Formats"), GUIDE.at("Validation Without Schema")),
        note="For links inside records this is advice.",
    ),
    Rule(
        "REC010",
        "record-nesting",
        WARNING,
        RECORD,
        "arrays and maps stand more than 32 deep in one another",
        must="Arrays and maps should stand at most 32 deep in one another.",
        recovery="It is decoded.",
        sources=(GUIDE.at("Recommended Data Limits"),),
    ),
    Rule(
        "REC011",
        "record-shared",
        INFO,
        RECORD,
        "several keys share a record",
        must=(
            "Several keys may link to one record, as records that are alike are one "
            "block."
        ),
        recovery="It is listed under each key.",
        sources=(REPO.at("MST Structure"),),
    ),
)
