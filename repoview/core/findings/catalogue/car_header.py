"""How a CAR begins."""

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
from repoview.core.findings.catalogue.specs import (
    CARV1,
    DAG_CBOR,
    DASL_CAR,
    IETF,
    REPO,
    VARINT,
)

_SALVAGE: Final = "`repoview salvage` finds the blocks behind it by their CIDs."

RULES: Final = (
    Rule(
        "CAR001",
        "car-not-empty",
        FATAL,
        CONTAINER,
        "the file is empty",
        must="A CAR must begin with a header, which takes at least a few bytes.",
        recovery="There is nothing to read.",
        sources=(CARV1.at("Header"),),
    ),
    Rule(
        "CAR002",
        "car-header-length-not-zero",
        FATAL,
        CONTAINER,
        "the header has a length of zero",
        must=(
            "The length in front of the header must not be zero, as the header is a "
            "map."
        ),
        recovery=(
            "Nothing behind it is read, for where the sections begin is not known. "
            f"{_SALVAGE}"
        ),
        sources=(CARV1.at("Header"), DASL_CAR.at()),
    ),
    Rule(
        "CAR003",
        "car-header-length-varint",
        FATAL,
        CONTAINER,
        "the header's length is no varint",
        must=(
            "The length of the header must be an unsigned varint of at most 9 bytes "
            "and 63 bits."
        ),
        recovery=(
            "Nothing behind it is read, for where the sections begin is not known. "
            f"{_SALVAGE}"
        ),
        sources=(VARINT.at(),),
    ),
    Rule(
        "CAR004",
        "car-header-length-minimal",
        WARNING,
        CONTAINER,
        "the header's length has needless bytes",
        must="The length of the header must be written in as few bytes as it takes.",
        recovery="The value is used.",
        sources=(VARINT.at(),),
        note=(
            "The LEB128 that the IETF drafts cite may be padded, so it is an error in "
            "the strict profile only."
        ),
    ),
    Rule(
        "CAR005",
        "car-header-length-bounded",
        FATAL,
        CONTAINER,
        "the header's length is over the limit",
        must=(
            "A reader should bound the length of a header: one with a root takes some "
            "60 bytes, and repoview reads up to 1 MiB."
        ),
        recovery=(
            "Nothing behind it is read, for such a length is not likely to be one. "
            f"{_SALVAGE}"
        ),
    ),
    Rule(
        "CAR006",
        "car-header-complete",
        FATAL,
        CONTAINER,
        "the file ends inside the header",
        must="The header must have as many bytes as the length in front of it says.",
        recovery=(
            f"There is nothing more to read. Where the length is wrong, {_SALVAGE}"
        ),
        sources=(CARV1.at("Header"),),
    ),
    Rule(
        "CAR007",
        "car-header-map",
        FATAL,
        CONTAINER,
        "the header is no CBOR map",
        must="The header must be one DAG-CBOR map with `version` and `roots`.",
        recovery=f"Nothing behind it is read. {_SALVAGE}",
        sources=(CARV1.at("Header"),),
    ),
    Rule(
        "CAR009",
        "car-version-known",
        FATAL,
        CONTAINER,
        "the CAR version is not known",
        must="The header's `version` must be 1.",
        recovery=f"Nothing behind the header is read. {_SALVAGE}",
        sources=(REPO.at("CAR File Serialization"), CARV1.at("Header")),
        note="Version 2 begins with a fixed pragma, and is unwrapped when it does.",
    ),
    Rule(
        "CAR010",
        "car-version-integer",
        ERROR,
        CONTAINER,
        "the header has no integer `version`",
        must="The header must have a `version`, and it must be an integer.",
        recovery="It is taken to be 1.",
        sources=(CARV1.at("Header"),),
    ),
    Rule(
        "CAR011",
        "car-roots-array",
        ERROR,
        CONTAINER,
        "the header has no array `roots`",
        must="The header must have `roots`, an array of links.",
        recovery="The commit is looked for among the blocks.",
        sources=(CARV1.at("Header"),),
    ),
    Rule(
        "CAR012",
        "car-has-root",
        WARNING,
        CONTAINER,
        "the header has no root",
        must="The header should name the commit as its first root.",
        recovery="The commit is looked for among the blocks.",
        sources=(REPO.at("CAR File Serialization"),),
        note=(
            "CARv1 wants at least one root, DASL CAR allows none, and some servers "
            "answer without one."
        ),
    ),
    Rule(
        "CAR013",
        "car-single-root",
        INFO,
        CONTAINER,
        "the header has several roots",
        must="The header should have one root, the commit.",
        recovery="The first root is taken as the commit.",
        sources=(REPO.at("CAR File Serialization"), IETF.at()),
        note=(
            "The first root is the commit; what others mean is left open. The IETF "
            "draft wants exactly one, so this is an error in the strict profile."
        ),
    ),
    Rule(
        "CAR014",
        "car-roots-distinct",
        WARNING,
        CONTAINER,
        "a root is listed twice",
        must="A root should be listed once.",
        recovery="The copies are left aside.",
        sources=(CARV1.at("Header"),),
        note="Nothing forbids a second time, but it says nothing.",
    ),
    Rule(
        "CAR015",
        "car-root-link",
        ERROR,
        CONTAINER,
        "a root is no link",
        must="Each root must be a link: tag 42 around a CID.",
        recovery="If it is the first root, the commit is looked for among the blocks.",
        sources=(CARV1.at("Header"),),
    ),
    Rule(
        "CAR016",
        "car-root-cid-form",
        ERROR,
        CONTAINER,
        "the root is not a link to dag-cbor with sha-256",
        must=(
            "The first root must be a version 1 CID with the dag-cbor codec and a "
            "sha-256 digest."
        ),
        recovery=(
            "The block of the same digest is taken, if there is one; otherwise the "
            "commit is looked for."
        ),
        sources=(REPO.at("CID Formats"),),
    ),
    Rule(
        "CAR017",
        "car-header-extra-fields",
        INFO,
        CONTAINER,
        "the header has fields of its own",
        must=(
            "The header may have fields beside `version` and `roots`, which readers "
            "should ignore."
        ),
        recovery="They are named and left aside.",
        sources=(CARV1.at("Header"), DASL_CAR.at()),
        note="CARv1 is silent on further fields, and DASL CAR allows them.",
    ),
    Rule(
        "CAR018",
        "car-header-canonical",
        WARNING,
        CONTAINER,
        "the header is not canonical",
        must=(
            "The header must be canonical DAG-CBOR, in which each value has one "
            "encoding."
        ),
        recovery="What it says is used.",
        sources=(CARV1.at("Header"), DAG_CBOR.at("Strictness")),
    ),
    Rule(
        "CAR019",
        "car-header-single-item",
        WARNING,
        CONTAINER,
        "the header has bytes behind its map",
        must="The header must be exactly one item of CBOR.",
        recovery="They are passed by, up to the end that the length gives.",
        sources=(CARV1.at("Header"),),
    ),
    Rule(
        "CAR020",
        "car-root-present",
        ERROR,
        MISSING,
        "the root's block is not in the file",
        must="The block of the first root, the commit, must be in the file.",
        recovery=(
            "A commit is looked for among the blocks. If there is one with its tree, "
            "the header alone is wrong: 14."
        ),
        sources=(REPO.at("CAR File Serialization"), DASL_CAR.at()),
    ),
)
