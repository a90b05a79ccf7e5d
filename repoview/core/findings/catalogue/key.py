"""Keys: paths of records as the tree has them."""

from __future__ import annotations

from typing import Final

from repoview.core.findings.catalogue.rule import ERROR, INFO, TREE, WARNING, Rule
from repoview.core.findings.catalogue.specs import NSID, REPO, RKEY

RULES: Final = (
    Rule(
        "KEY001",
        "key-not-empty",
        ERROR,
        TREE,
        "a key is empty",
        must="A key must not be empty.",
        recovery="It is listed as it is.",
        sources=(REPO.at("Repository Paths"),),
    ),
    Rule(
        "KEY002",
        "key-utf8",
        ERROR,
        TREE,
        "a key is not UTF-8",
        must="A key must be the UTF-8 of a path, which is plain ASCII.",
        recovery="The bytes that are wrong are shown escaped.",
        sources=(REPO.at("Repository Paths"),),
    ),
    Rule(
        "KEY003",
        "key-two-parts",
        ERROR,
        TREE,
        "a key is not two parts joined by a slash",
        must="A key must be a collection, one slash and a record key.",
        recovery="It is listed as it is.",
        sources=(REPO.at("Repository Paths"),),
    ),
    Rule(
        "KEY004",
        "key-collection-nsid",
        ERROR,
        TREE,
        "a collection is not an NSID",
        must=(
            "The first part of a path must be an NSID, which is a domain in reverse "
            "and a name, three parts or more."
        ),
        recovery="It is listed as it is.",
        sources=(REPO.at("Repository Paths"), NSID.at("NSID Syntax")),
    ),
    Rule(
        "KEY005",
        "key-domain-lower-case",
        WARNING,
        TREE,
        "the domain part of a collection is not in lower case",
        must="The domain part of a collection should be in lower case.",
        recovery="It is listed as it is.",
        sources=(REPO.at("Repository Paths"), NSID.at("NSID Syntax")),
        note=(
            "NSIDs in paths are normalized, which puts all but their name in lower "
            "case. Nothing refuses others so far, so it is an error in the strict "
            "profile only."
        ),
    ),
    Rule(
        "KEY006",
        "rkey-characters",
        ERROR,
        TREE,
        "a record key has a character that none may have",
        must=(
            "A record key must be made of letters, digits and `.`, `_`, `:`, `~`, `-`."
        ),
        recovery="It is listed as it is.",
        sources=(RKEY.at("Record Key Syntax"),),
    ),
    Rule(
        "KEY007",
        "rkey-not-dots",
        ERROR,
        TREE,
        "a record key is `.` or `..`",
        must="A record key must not be `.` or `..`.",
        recovery="It is listed as it is, and is never used as the name of a file.",
        sources=(RKEY.at("Record Key Syntax"),),
    ),
    Rule(
        "KEY008",
        "key-part-lengths",
        ERROR,
        TREE,
        "a collection or record key is too long",
        must=(
            "A collection must have at most 317 characters, and a record key at most "
            "512."
        ),
        recovery="It is listed as it is.",
        sources=(NSID.at("NSID Syntax"), RKEY.at("Record Key Syntax")),
    ),
    Rule(
        "KEY010",
        "key-at-most-1024",
        WARNING,
        TREE,
        "a key is over 1,024 bytes",
        must="A key should have at most 1,024 bytes.",
        recovery="It is listed as it is.",
        sources=(REPO.at("Repository Paths"),),
        note=(
            "A legal path ends at 830, and the reference implementation and indigo "
            "refuse more than 1,024."
        ),
    ),
    Rule(
        "KEY011",
        "key-at-most-256",
        INFO,
        TREE,
        "a key is over 256 bytes",
        must="A key should have at most 256 bytes.",
        recovery="It is listed as it is.",
        sources=(REPO.at("Repository Paths"),),
        note="It is legal up to 830, but older readers refuse it.",
    ),
    Rule(
        "KEY012",
        "key-distinct-case",
        WARNING,
        TREE,
        "keys differ only in the case of their letters",
        must=(
            "Collections and record keys should differ in more than the case of their "
            "letters."
        ),
        recovery=(
            "Both are listed. Of one collection, some 30,000 record keys with capital "
            "letters are compared."
        ),
        sources=(RKEY.at("Record Key Syntax"),),
        note="They are different keys, but many file systems take them for one.",
    ),
    Rule(
        "KEY013",
        "key-plain-characters",
        WARNING,
        TREE,
        "a key holds control or direction characters",
        must=(
            "A key must not hold control or direction characters, as paths are plain "
            "ASCII."
        ),
        recovery="They are shown escaped.",
        sources=(REPO.at("Repository Paths"),),
    ),
    Rule(
        "KEY014",
        "key-at-most-4096",
        ERROR,
        TREE,
        "a key is over 4,096 bytes",
        must="A key must have at most 4,096 bytes to be read here.",
        recovery="The rest of the node is not read.",
        sources=(NSID.at("NSID Syntax"), RKEY.at("Record Key Syntax")),
        note=(
            "A legal path ends at 830. Keys far beyond could grow with the square of "
            "the size of the node."
        ),
    ),
    Rule(
        "KEY015",
        "key-domain-at-most-253",
        WARNING,
        TREE,
        "the domain part of a collection is over 253 characters",
        must="The domain part of a collection should have at most 253 characters.",
        recovery="It is listed as it is.",
        sources=(NSID.at("NSID Syntax"),),
        note=(
            "That is the longest domain name there is. The specification's own "
            "examples have longer ones, so it is no error."
        ),
    ),
)
