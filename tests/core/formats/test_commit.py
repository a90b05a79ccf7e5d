"""Facts about commits: where in the block a finding about a field is."""

from __future__ import annotations

from typing import Any

import pytest

from repoview.core.cid import Cid
from repoview.core.formats.commit import decode_commit, read_commit
from repoview.core.formats.dagcbor.strict import encode

WITHOUT_KERNEL = True

CID = Cid.for_block(b"")
COMMIT: dict[str, Any] = {
    "did": "did:plc:4tdzqpm5nsdd2eqkaoc6vfvk",
    "rev": "3jqfcqzm3fo2j",
    "sig": bytes(64),
    "data": CID,
    "prev": None,
    "version": 3,
}


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("did", 7, "COM003"),
        ("sig", "text", "COM003"),
        ("prev", {"a": 1}, "COM003"),
        ("version", 4, "COM004"),
        ("prev", CID, "COM007"),
        ("did", "me", "COM008"),
        ("did", "did:example:me", "COM009"),
        ("rev", "now", "COM010"),
        ("rev", "2222222222222", "COM012"),
        ("blessed", True, "COM013"),
        ("data", Cid(b"\1\x55\x12\x20" + bytes(32)), "CID008"),
    ],
)
def test_a_finding_about_a_field_has_its_byte(name: str, value: Any, code: str) -> None:
    """There its value begins."""
    data = encode({**COMMIT, name: value})
    commit, (found,) = read_commit(data, CID, 100)
    assert (found.code, found.offset) == (code, 100)
    assert found.block_offset is not None
    assert data[found.block_offset :].startswith(encode(value))
    assert decode_commit(data, CID, 100) == commit


def test_a_finding_about_a_field_that_is_missing_has_none() -> None:
    """It is about the whole commit."""
    data = encode({name: value for name, value in COMMIT.items() if name != "prev"})
    _, (found,) = read_commit(data, CID, 100)
    assert (found.code, found.block_offset) == ("COM006", None)


def test_what_is_no_commit_is_decoded_to_none() -> None:
    """As `read_commit` has it."""
    assert decode_commit(encode({"did": 1}), CID, 0) is None
    assert decode_commit(b"\xff", CID, 0) is None
