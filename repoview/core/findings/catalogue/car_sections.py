"""What stands behind the header of a CAR: sections, and how a file ends."""

from __future__ import annotations

from typing import Final

from repoview.core.findings.catalogue.rule import (
    CONTAINER,
    ERROR,
    FATAL,
    INFO,
    MISSING,
    WARNING,
    Rule,
)
from repoview.core.findings.catalogue.specs import CARV1, DASL_CAR, REPO, VARINT

RULES: Final = (
    Rule(
        "CAR021",
        "car-section-length-varint",
        ERROR,
        CONTAINER,
        "the length of a section is no varint",
        must=(
            "A section must begin with its length, an unsigned varint of at most 9 "
            "bytes and 63 bits."
        ),
        recovery=(
            "Reading goes on at the next section whose block hashes to its CID "
            "(CAR032), and ends here if there is none."
        ),
        sources=(CARV1.at("Data"), VARINT.at()),
    ),
    Rule(
        "CAR022",
        "car-section-length-minimal",
        WARNING,
        CONTAINER,
        "lengths of sections have needless bytes",
        must="The length of a section must be written in as few bytes as it takes.",
        recovery="The values are used.",
        sources=(VARINT.at(),),
        note=(
            "The LEB128 that the IETF drafts cite may be padded, so it is an error in "
            "the strict profile only."
        ),
    ),
    Rule(
        "CAR023",
        "car-last-section-complete",
        ERROR,
        CONTAINER,
        "the last section is cut off",
        must="A section must have as many bytes as its length says.",
        recovery=(
            "What is left of it is not used. Blocks that are whole in what follows are "
            "read (CAR032): then its length is wrong. Fetch the file again if you can."
        ),
        sources=(CARV1.at("Data"),),
    ),
    Rule(
        "CAR024",
        "car-section-bounded",
        ERROR,
        CONTAINER,
        "a section is over the limit",
        must=(
            "A reader should bound the size of a section: records end at 1 MB, and "
            "repoview reads up to 32 MiB."
        ),
        recovery="It is passed by without being read, as if its block were not there.",
        note="No specification gives a bound.",
    ),
    Rule(
        "CAR025",
        "car-section-not-empty",
        WARNING,
        CONTAINER,
        "sections have zero length",
        must="A section must not be empty, as it holds a CID.",
        recovery="They are passed by: sections may well follow.",
        sources=(CARV1.at("Data"), DASL_CAR.at()),
        note="Zeros at the end of a file are padding, which does no harm.",
    ),
    Rule(
        "CAR026",
        "car-section-holds-cid",
        ERROR,
        CONTAINER,
        "a section is shorter than its CID",
        must="A section must hold a whole CID, of 36 bytes in atproto.",
        recovery="It is passed by, by its length.",
        sources=(CARV1.at("Data"), DASL_CAR.at()),
    ),
    Rule(
        "CAR027",
        "car-section-length-complete",
        ERROR,
        CONTAINER,
        "the file ends inside the length of a section",
        must="A file must not end inside the length of a section.",
        recovery="There is nothing more to read. Fetch the file again if you can.",
        sources=(CARV1.at("Data"),),
    ),
    Rule(
        "CAR028",
        "car-no-trailing-bytes",
        ERROR,
        CONTAINER,
        "bytes behind the last section are no section",
        must="Behind its header, a CAR must have sections and nothing else.",
        recovery=(
            "They are left unread; but where a section follows whose block hashes to "
            "its CID, reading goes on there (CAR032)."
        ),
        sources=(CARV1.at("Data"),),
    ),
    Rule(
        "CAR029",
        "car-tree-complete",
        WARNING,
        MISSING,
        "the file ends cleanly, but the tree is not complete",
        must="A CAR of a whole repository must hold all blocks of its tree.",
        recovery=(
            "What is there is shown. If it is a slice on purpose, `--expect slice` "
            "says so."
        ),
        sources=(REPO.at("CAR File Serialization"), CARV1.at("Data")),
        note=(
            "A CAR has no count and no end mark, so one that was cut between two "
            "sections looks whole until the tree is walked."
        ),
    ),
    Rule(
        "CAR030",
        "car-is-car",
        FATAL,
        CONTAINER,
        "the input is something else than a CAR",
        must=(
            "The input must be a CAR, which begins with the length of a header and a "
            "CBOR map."
        ),
        recovery="Nothing of it is read.",
        sources=(CARV1.at("Header"),),
        note="One packed with gzip, zstd, bzip2 or xz is opened as well.",
    ),
    Rule(
        "CAR032",
        "car-framing-kept",
        INFO,
        CONTAINER,
        "the framing was lost, and found again",
        must="Sections must follow one another without a gap.",
        recovery=(
            "The bytes in between are skipped and counted, and reading goes on here: "
            "up to 64 times, at most 16 MiB behind a loss. Salvage searches all bytes."
        ),
        sources=(CARV1.at("Data"),),
        note=(
            "Where a length is wrong, the next block is found by its CID, and counts "
            "only if its bytes hash to it."
        ),
    ),
    Rule(
        "CAR033",
        "car-single-archive",
        ERROR,
        CONTAINER,
        "another CAR begins behind this one",
        must=(
            "A CAR must be one header and the sections behind it, and not two CARs in "
            "a row."
        ),
        recovery=(
            "The first is judged. What follows is counted and left unread: cut the "
            "file in two there, and open each."
        ),
        sources=(CARV1.at(),),
    ),
)
