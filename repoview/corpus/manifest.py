"""What each file of the corpus is, and what must be found of it.

`manifest` says it for readers of any kind, `vectors` for suites that take in
the files of atproto issue 5429, whose names of fields it has. Both are JSON.
"""

from __future__ import annotations

from base64 import b32encode, b64encode
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from repoview.corpus.car import Car
from repoview.corpus.cases import CASES, LEGAL, LIGHT_CASES
from repoview.corpus.repo import DID, sample
from repoview.corpus.signing import ALICE

if TYPE_CHECKING:
    from collections.abc import Callable

    from repoview.corpus.car import Contents
    from repoview.corpus.case import Case, Twin

FORMAT: Final = 1
"""Of the manifest; a greater one breaks those who read this one."""

LICENSE: Final = "CC0-1.0"

ALWAYS: Final = ("ORD003",)
"""Said of every file that has a tree, and so not listed."""

WITHOUT_A_FILE: Final = {
    "CAR024": "the section would have over 32 MiB",
    "LIM001": "it tells of a limit of the machine, which no file has",
    "MST021": "a key of depth 25 takes 4**25 hashes to find",
    "MST024": "the other rules of the tree leave nothing for it to find",
    "ORD003": "it comes with every tree",
    "SIG001": "it comes with every file that is judged without a key",
    "SIG005": "the fault is in a DID document, not in the file",
    "SIG006": "the fault is in a DID document, not in the file",
}
"""Codes of no file of the corpus, and why."""

LARGE: Final = {
    "BLK006-block_over_a_megabyte",
    "BLK007-block_over_two_mebibytes",
    "REC006-record_over_a_megabyte",
}
"""Cases of 1 to 2 MB, which are all that there are of their codes."""

_LIGHT: Final = {case.id for case in (*LIGHT_CASES, *LEGAL)}


class Told(NamedTuple):
    """What the catalogue has of a code, which the corpus itself does not know."""

    rule: str
    """The stable id of its rule."""

    detected_by: list[str]
    """Readers that refuse such a file, or tell of it."""


def published() -> tuple[Case, ...]:
    """Return the cases that stand for themselves, as files."""
    return tuple(
        case
        for case in (*CASES, *LEGAL)
        if case.arguments is not None
        and case.id in _LIGHT | LARGE
        and case.code not in ALWAYS
    )


def file_of(case: Case) -> str:
    """Return the path of a case's file, in the folder of the corpus."""
    return f"{case.result}/{name_of(case)}{case.suffix}"


def name_of(case: Case) -> str:
    """Return the name of a case."""
    return case.id.replace("_", "-")


def twins() -> dict[bytes, str]:
    """Return the paths of the twins by their bytes: many cases have the same one."""
    paths = {sample().car().data: "twins/sample.car"}
    for case in published():
        if case.result != "valid":
            path = f"twins/{name_of(case)}{case.suffix}"
            paths.setdefault(case.twin.data, path)
    return paths


def manifest(told_of: Callable[[str], Told]) -> dict[str, Any]:
    """Return what the corpus has, for `manifest.json`.

    Args:
        told_of: Returns what the catalogue has of a code.
    """
    paths = twins()
    return {
        "format": FORMAT,
        "license": LICENSE,
        "signing_key": ALICE.did_key,
        "always": list(ALWAYS),
        "without_a_file": WITHOUT_A_FILE,
        "cases": [_case(case, paths, told_of) for case in published()],
    }


def _case(
    case: Case, paths: dict[bytes, str], told_of: Callable[[str], Told]
) -> dict[str, Any]:
    broken = case.build()
    told = told_of(case.code) if case.code else None
    twin = None
    if case.result != "valid":
        codes = sorted(case.twin.codes)
        twin = {"file": paths[case.twin.data], "codes": codes}
    return {
        "name": name_of(case),
        "description": case.fact,
        "file": file_of(case),
        "result": case.result,
        "rule": told.rule if told else None,
        "code": case.code or None,
        "severity": case.severity if case.code else None,
        "count": case.count,
        "offset": broken.offset,
        "block_offset": broken.inside,
        "codes": sorted((case.errors | case.others) - {*ALWAYS}),
        "arguments": case.arguments,
        "verdict": case.verdict,
        "exit_code": case.exit_code,
        "twin": twin,
        "detected_by": told.detected_by if told else [],
    }


def vectors() -> list[dict[str, Any]]:
    """Return the CARs and what to expect of each, for `vectors.json`.

    Not among them are slices, frames of the event stream, and large files.
    """
    made = []
    seen = set()
    for case in published():
        if case.id not in _LIGHT or case.suffix != ".car" or "expect" in case.options:
            continue
        made.append(_vector(case, case.build().car, case.result, case.twin))
    for case in published():
        if case.result == "valid" or case.suffix != ".car" or case.id not in _LIGHT:
            continue
        key = case.twin.data, case.options.get("key"), case.options.get("did")
        if key not in seen:
            seen.add(key)
            made.append(_vector(case, case.twin.car, "twin", case.twin))
    return made


def _vector(case: Case, car: Car | bytes, what: str, twin: Twin) -> dict[str, Any]:
    data = car.data if isinstance(car, Car) else car
    is_twin = what == "twin"
    about = _contents(car, twin)
    did = case.options.get("did") or about.did or DID
    key = case.options.get("key", ALICE.did_key).removeprefix("did:key:")
    return {
        "name": name_of(case) + ("-twin" if is_twin else ""),
        "description": f"The twin of {name_of(case)}." if is_twin else case.fact,
        "carBase64": b64encode(data).decode(),
        "validRepo": is_twin or case.result != "invalid",
        "tags": [what, *([case.code] if case.code else [])],
        "did": did,
        "signingKeyDid": f"did:key:{key}",
        "rev": about.rev,
        "commitCid": _text(about.commit),
        "dataCid": _text(about.data),
        "keys": [each.decode(errors="backslashreplace") for each in about.keys],
    }


def _contents(car: Car | bytes, twin: Twin) -> Contents:
    """Return what a file was made of; of bytes alone, what its twin was."""
    for each in (car, twin.car, sample().car()):
        if isinstance(each, Car) and each.contents is not None:
            return each.contents
    raise AssertionError  # the sample has contents


def _text(cid: bytes) -> str:
    """Return a CID in base32."""
    return "b" + b32encode(cid).decode().lower().rstrip("=")
