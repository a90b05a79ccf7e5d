"""Other projects' vectors of DAG-CBOR: what is strict, and what is not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import cbor2
import pytest

from repoview.core.cid import Cid, read_cid
from repoview.core.errors import DagCborError
from repoview.core.formats.dagcbor.strict import (
    annotate,
    decode,
    diagnose,
    encode,
    sound_type,
)
from repoview.core.varint import read_varint
from tests.vectors import ROOT, needs_vectors, read_json, vector

if TYPE_CHECKING:
    from collections.abc import Iterator

    from repoview.core.formats.dagcbor.strict import Value

WITHOUT_KERNEL = True

pytestmark = needs_vectors

TAGS = {"basic", "dag-cbor", "dasl-cid"}
DASL = [
    (path.stem, case)
    for path in sorted(ROOT.glob("dasl-cbor/*.json"))
    for case in read_json(f"dasl-cbor/{path.name}")
    if TAGS & set(case["tags"])
]
OURS = {"CBR011", "CBR015", "CBR016", "REC009"}
"""What atproto asks for beyond DAG-CBOR: no floats, smaller integers, its own
form of CID."""

REPOS = [
    "repo-stream/empty.car",
    "repo-stream/tiny.car",
    "repo-stream/little.car",
    "indigo/paul_staging.repo.car",
    "indigo/fakermaker.repo.car",
    "indigo/divy.repo",
    "indigo/repo_slice.car",
]


def cases(kind: str) -> list[Any]:
    """Return the vectors of one type, each with its name as its id."""
    return [
        pytest.param(case, id=f"{stem}: {case['name']} {case['data'][:16]}")
        for stem, case in DASL
        if case["type"] == kind
    ]


def blocks(name: str) -> Iterator[tuple[Cid, bytes]]:
    """Yield the CIDs and blocks of a CAR without a fault."""
    data = vector(name).read_bytes()
    length, position = read_varint(data, 0, len(data))
    position += length
    while position < len(data):
        length, start = read_varint(data, position, len(data))
        position = start + length
        cid, begin = read_cid(data, start, position)
        yield cid, data[begin:position]


@pytest.mark.parametrize("case", cases("roundtrip"))
def test_what_is_strict_comes_back(case: dict[str, Any]) -> None:
    """The bytes are written again as they were; only atproto's own rules object."""
    data = bytes.fromhex(case["data"])
    decoded = diagnose(data)
    assert encode(decoded.value) == data
    assert {fault.code for fault in decoded.faults} <= OURS


@pytest.mark.parametrize("case", cases("invalid_in"))
def test_what_is_not_strict_is_not_sound(case: dict[str, Any]) -> None:
    """It has a fault; and unless only its CID is odd, it is not decoded either."""
    data = bytes.fromhex(case["data"])
    faults = diagnose(data).faults
    assert sound_type(data) is None
    assert faults
    if {fault.code for fault in faults} != {"REC009"}:
        with pytest.raises(DagCborError):
            decode(data)
    else:
        assert case["tags"] == ["dasl-cid"]


@pytest.mark.parametrize("case", cases("invalid_out"))
def test_what_has_no_strict_form_is_not_encoded(case: dict[str, Any]) -> None:
    """Such as a date, or a number without a value."""
    value: Any = cbor2.loads(bytes.fromhex(case["data"]))
    with pytest.raises((TypeError, ValueError)):
        encode(value)


@pytest.mark.unmeasured
@pytest.mark.parametrize("name", REPOS)
def test_blocks_of_real_repositories_read_alike(name: str) -> None:
    """Sound exactly without faults, and the same value in every decoder."""
    count = 0
    for cid, data in blocks(name):
        decoded = diagnose(data)
        assert Cid.for_block(data) == cid
        assert (sound_type(data) is not None) == decoded.is_sound
        assert encode(decoded.value) == data
        assert decoded.value == cbor2.loads(data, tag_hook=_link_of)
        assert annotate(data)[-1].end == len(data)
        count += 1
    assert count > 1


@pytest.mark.parametrize("name", REPOS[:3])
def test_blocks_of_clean_repositories_are_sound(name: str) -> None:
    """Only a blob's odd CID and the like would be told; here is nothing."""
    for _, data in blocks(name):
        assert diagnose(data).faults == []


def _link_of(tag: cbor2.CBORTag, _: object) -> Value:
    return Cid(tag.value[1:])
