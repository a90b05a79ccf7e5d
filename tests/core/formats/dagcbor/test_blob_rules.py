"""Facts about references to blobs: which maps are some, and which are right."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from repoview.core.cid import PLAIN_PREFIX, RAW_PREFIX, Cid
from repoview.core.formats.blob_refs import blob_refs as refs_in
from repoview.core.formats.dagcbor.strict import Fault, diagnose, encode
from repoview.core.kernel import kernel
from tests.strategies import blob_refs, mutated, nearly_blob_refs, values

CID = Cid(RAW_PREFIX + bytes(32))
BLOB: Any = {"$type": "blob", "ref": CID, "mimeType": "image/png", "size": 8}
LEGACY: Any = {"cid": str(CID), "mimeType": "image/png"}
IMAGE = encode("image")
HEAD = len(encode({"$type": "a.b.c", "image": 0})) - 1
"""Where the value of a record's second field begins."""


def faults_of(value: Any) -> list[Fault]:
    """Return all that is wrong with a record that has *value*."""
    data = encode({"$type": "a.b.c", "image": value})
    decoded = diagnose(data)
    assert (kernel.sound_type(data) is not None) == decoded.is_sound
    return [*decoded.faults, *decoded.blob_faults]


@pytest.mark.unmeasured
@given(blob_refs())
def test_a_right_reference_is_sound(ref: Any) -> None:
    """Wherever it stands, and the kernel need not hand it over."""
    for value in (ref, [ref, ref], {"a": {"b": [ref]}}):
        assert faults_of(value) == []


@pytest.mark.parametrize(
    ("value", "code", "at", "why"),
    [
        ({**BLOB, "ref": str(CID)}, "BLB001", 5, "`ref` is no link"),
        ({**BLOB, "ref": None}, "BLB001", 5, "`ref` is no link"),
        ({**BLOB, "size": True}, "BLB001", 51, "`size` is no integer"),
        ({**BLOB, "size": "8"}, "BLB001", 51, "`size` is no integer"),
        ({**BLOB, "mimeType": b"a/b"}, "BLB001", 72, "`mimeType` is no text"),
        ({"$type": "blob", "size": 1}, "BLB001", 0, "`ref` is missing, `mimeType` is"),
        ({**BLOB, "a": 1}, "BLB001", 3, "the field 'a' is too many"),
        ({**BLOB, "z" * 9: []}, "BLB001", 92, "the field 'zzzzzzzzz' is too many"),
        ({**BLOB, "ref": Cid(PLAIN_PREFIX + bytes(32))}, "BLB002", 5, "it is dag-cbor"),
        ({**BLOB, "ref": Cid(b"\1\x55\x12\2ab")}, "BLB002", 8, "has 2 bytes, not 32"),
        ({**BLOB, "ref": Cid(b"\x12\x20" + bytes(32))}, "BLB002", 9, "is a CIDv0"),
        ({**BLOB, "size": 0}, "BLB003", 51, "`size` is 0"),
        ({**BLOB, "size": -9}, "BLB003", 51, "`size` is -9"),
        (LEGACY, "BLB004", 0, "of the older form"),
        ({"cid": "", "mimeType": ""}, "BLB004", 0, "of the older form"),
        ({**BLOB, "mimeType": ""}, "BLB005", 72, "`mimeType` is empty"),
        ({**BLOB, "mimeType": "png"}, "BLB005", 72, "'png', without a slash"),
    ],
)
def test_what_is_wrong_is_told_at_its_byte(
    value: Any, code: str, at: int, why: str
) -> None:
    """Once; where a field is missing, at the map."""
    (fault,) = faults_of(value)
    assert (fault.code, fault.offset) == (code, HEAD + at)
    assert why in fault.message
    assert fault.expected
    assert fault.found


@pytest.mark.parametrize(
    "value",
    [
        {"$type": "blobs"},
        {"$type": ["blob"]},
        {"type": "blob"},
        {"cid": str(CID)},
        {**LEGACY, "size": 1},
        {**LEGACY, "cid": CID},
        {**LEGACY, "mimeType": None},
        {"blob": LEGACY["cid"], "mimeType": "image/png"},
    ],
)
def test_what_only_resembles_a_reference_is_none(value: Any) -> None:
    """Other maps may have what they like."""
    assert faults_of(value) == []


def test_each_rule_that_is_broken_is_told() -> None:
    """A reference may be wrong in many ways at once."""
    wrong = {"$type": "blob", "ref": None, "mimeType": "", "size": 0, "x": 1}
    assert [fault.code for fault in faults_of(wrong)] == ["BLB001", "BLB003", "BLB005"]


def test_a_link_that_holds_no_cid_is_told_once() -> None:
    """That it is no link follows from it."""
    data = encode({"$type": "a.b.c", "image": BLOB}).replace(CID.raw[:4], b"\xff" * 4)
    decoded = diagnose(data)
    assert [fault.code for fault in decoded.faults] == ["CBR010"]
    assert decoded.blob_faults == []


def test_the_first_of_two_fields_of_one_name_counts() -> None:
    """As in the value that is shown."""
    data = b"\xa3\x63cid\x61a\x68mimeType\x61b\x68mimeType\x01"
    assert [fault.code for fault in diagnose(data).blob_faults] == ["BLB004"]


def test_a_reference_is_judged_however_many_fields_a_map_has() -> None:
    """Its `$type` may come behind all the others."""
    value = {chr(97 + n): n for n in range(26)} | {"$type": "blob"}
    (fault,) = faults_of(value)
    assert fault.code == "BLB001"


@given(nearly_blob_refs())
def test_maps_like_references_are_judged_alike_everywhere(value: Any) -> None:
    """Both kernels, `diagnose`, and the ledger of blobs agree which are right."""
    found = faults_of(value)
    refs = list(refs_in({"image": value}))
    told = {fault.code for fault in found if fault.code.startswith("BLB")}
    if not refs:
        assert not told
    elif refs[0].is_legacy:
        assert told == {"BLB004"}
    elif told:
        assert refs[0].fault is not None


PIECES = [
    b"\x64blob",
    b"\x65$type",
    b"\x68mimeType",
    b"\x63cid",
    b"\x63ref",
    b"\x64size",
    *(bytes((head,)) for head in (0xA2, 0xA4, 0xA5, 0x00, 0x20, 0x60, 0x61, 0xF6)),
]
"""What a mutation puts in: what the rules are about."""


@given(mutated((blob_refs() | nearly_blob_refs() | values(5)).map(encode), PIECES))
def test_the_kernel_takes_no_bytes_for_a_right_reference_that_are_none(
    data: bytes,
) -> None:
    """Bytes changed, put in or left out anywhere."""
    assert (kernel.sound_type(data) is not None) == diagnose(data).is_sound
