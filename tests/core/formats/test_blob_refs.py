"""Facts about references to blobs: where they stand, and what is wrong with them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from repoview import Cid
from repoview.core.formats.blob_refs import BlobRef, blob_refs, may_have_blobs
from repoview.core.formats.dagcbor import strict as dagcbor
from tests.strategies import records, values

WITHOUT_KERNEL = True
CID = Cid.for_block(b"an image", 0x55)
BLOB: dict[str, Any] = {
    "$type": "blob",
    "ref": CID,
    "mimeType": "image/png",
    "size": 8,
}
LEGACY: dict[str, Any] = {"cid": str(CID), "mimeType": "image/png"}


def test_a_reference_is_found_anywhere() -> None:
    """In lists and maps, however deep, as often as it is there."""
    value: Any = BLOB
    for _ in range(100):
        value = {"a": [value, 1], "b": {}}
    found = list(blob_refs({"x": value, "y": [BLOB, LEGACY]}))
    whole = BlobRef(CID, "image/png", 8, is_legacy=False)
    assert sorted(found, key=lambda ref: ref.is_legacy) == [
        whole,
        whole,
        BlobRef(CID, "image/png", None, is_legacy=True),
    ]


@pytest.mark.parametrize(
    "value", [{**LEGACY, "x": 1}, {"cid": str(CID)}, "blob", BLOB["ref"]]
)
def test_what_only_resembles_one_is_none(value: Any) -> None:
    """The older form has two fields, and no more."""
    assert list(blob_refs(value)) == []


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"ref": str(CID)}, "`ref` is no link"),
        (
            {"ref": Cid(bytes((1, 0x55, 0, 1, 7)))},
            "`ref` is no CID of a blob: its hash function is 0x0, not sha-256",
        ),
        ({"mimeType": None}, "`mimeType` is no text"),
        ({"mimeType": "a/" + "x" * 300}, "`mimeType` has over 255 characters"),
        ({"size": -1}, "`size` is -1"),
        ({"size": True}, "`size` is no integer"),
        ({"size": "8"}, "`size` is no integer"),
        ({"size": 2**64}, "`size` is over 63 bits"),
    ],
)
def test_what_is_wrong_is_told(changes: dict[str, Any], fault: str) -> None:
    """And all else of it is used."""
    (ref,) = blob_refs({**BLOB, **changes})
    assert ref.fault == fault
    assert (ref.cid is None) == ("ref" in changes)
    assert ("size" in changes) == (ref.size is None)


@pytest.mark.parametrize("text", ["", "none", str(Cid(bytes((1, 0x55, 0, 1, 7))))])
def test_the_older_form_may_name_nothing(text: str) -> None:
    """Text is no link."""
    (ref,) = blob_refs({**LEGACY, "cid": text})
    assert ref.cid is None
    assert ref.fault is not None


@given(records())
def test_a_record_is_never_passed_over(record: dict[str, Any]) -> None:
    """Whatever it holds: the quick look may only say no where there is none."""
    for value in (record, {**record, "b": BLOB}, {**record, "l": LEGACY}):
        data = dagcbor.encode(value)
        assert may_have_blobs(data) >= bool(list(blob_refs(value)))


@given(values())
def test_any_value_can_be_looked_through(value: Any) -> None:
    """It ends, and what it finds is a reference."""
    for ref in blob_refs(value):
        assert ref.cid is None or ref.cid.is_blessed
