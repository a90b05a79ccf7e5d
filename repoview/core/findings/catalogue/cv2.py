"""The CARv2 around a CAR."""

from __future__ import annotations

from typing import Final

from repoview.core.findings.catalogue.rule import (
    CONTAINER,
    ERROR,
    FATAL,
    INFO,
    WARNING,
    Rule,
)
from repoview.core.findings.catalogue.specs import CARV2, REPO

RULES: Final = (
    Rule(
        "CV2001",
        "carv2-wrapper",
        INFO,
        CONTAINER,
        "the CAR stands in a CARv2",
        must=(
            "A repository should be exported as a CARv1, without the wrapper of a "
            "CARv2."
        ),
        recovery="The CARv1 in it is read.",
        sources=(REPO.at("CAR File Serialization"), CARV2.at("Data payload")),
        note=(
            "A CARv2 is a CARv1 with a header in front and often an index behind. No "
            "atproto service writes it."
        ),
    ),
    Rule(
        "CV2002",
        "carv2-header-offsets",
        FATAL,
        CONTAINER,
        "the CARv2 header is cut off, or its offsets lead nowhere",
        must=(
            "The 40 bytes of the CARv2 header must say where data and index lie, the "
            "data behind the header and the index behind the data."
        ),
        recovery=(
            "A CAR that stands behind the header all the same is read, and this is an "
            "error then, 14. Without one nothing is read; an index is not needed."
        ),
        sources=(CARV2.at("Header"),),
    ),
    Rule(
        "CV2003",
        "carv2-data-within",
        WARNING,
        CONTAINER,
        "the CARv2 data should go on past the end of the file",
        must="Data and index of a CARv2 must lie inside the file.",
        recovery="The data is read up to the end of the file.",
        sources=(CARV2.at("Header"),),
    ),
    Rule(
        "CV2004",
        "carv2-characteristics",
        WARNING,
        CONTAINER,
        "the CARv2 header sets bits that mean nothing",
        must=(
            "All bits of the characteristics of a CARv2 must be zero, but the one for "
            "a full index."
        ),
        recovery="They are left aside.",
        sources=(CARV2.at("Characteristics"),),
    ),
    Rule(
        "CV2005",
        "carv2-index",
        INFO,
        CONTAINER,
        "the CARv2 has an index",
        must="A CARv2 may have an index, which readers should not trust.",
        recovery="It is not used.",
        sources=(CARV2.at("Index payload"),),
        note="An index could say anything about a file that is not trusted.",
    ),
    Rule(
        "CV2006",
        "carv2-inner-version",
        ERROR,
        CONTAINER,
        "the CAR in the CARv2 is not of version 1",
        must="The data of a CARv2 must be a CARv1.",
        recovery="Nothing of it is read.",
        sources=(CARV2.at("Data payload"),),
    ),
    Rule(
        "CV2007",
        "carv2-padding",
        INFO,
        CONTAINER,
        "bytes of the CARv2 are in none of its parts",
        must="A CARv2 may have padding before its data and its index.",
        recovery="They are passed by.",
        sources=(CARV2.at("Header"),),
    ),
)
