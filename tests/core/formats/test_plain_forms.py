"""Facts about short ways: the forms nearly all files have are read the same."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from repoview.core.cid import PLAIN_PREFIX, Cid
from repoview.core.formats import car, car_header, commit
from repoview.core.formats.dagcbor import strict as dagcbor
from repoview.core.formats.syntax import make_tid

if TYPE_CHECKING:
    import pytest

WITHOUT_KERNEL = True

NEVER = re.compile(rb"(?!)")
LINK = Cid.for_block(b"top")
FIELDS: dict[str, dagcbor.Value] = {
    "did": "did:plc:ewvi7nxzyoun6zhxrhs64oiz",
    "rev": make_tid(1_700_000_000_000_000),
    "sig": bytes(range(64)),
    "data": LINK,
    "prev": None,
    "version": 3,
}


def both_ways(data: bytes, patch: pytest.MonkeyPatch) -> tuple[object, object]:
    """Return what `read_commit` makes of *data*, the short way and the long."""
    short = commit.read_commit(data, LINK, 59)
    with patch.context() as context:
        context.setattr(commit, "_PLAIN", NEVER)
        return short, commit.read_commit(data, LINK, 59)


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "did": st.one_of(
                st.from_regex(r"did:web:[a-z.]{0,140}", fullmatch=True),
                st.text(max_size=40),
                st.just("did:plc:short"),
            ),
            "rev": st.one_of(
                st.integers(0, 2**53).map(make_tid), st.text(min_size=13, max_size=13)
            ),
            "sig": st.binary(min_size=63, max_size=65),
            "data": st.sampled_from([LINK, None, Cid(b"\x01\x55" + LINK.raw[2:])]),
            "prev": st.sampled_from([None, LINK]),
            "version": st.integers(2, 4),
            "more": st.none(),
        },
    )
)
def test_a_commit_is_read_the_same_either_way(
    changes: dict[str, dagcbor.Value],
) -> None:
    """Whatever its fields are."""
    import pytest  # noqa: PLC0415 (a fixture would outlive the example)

    with pytest.MonkeyPatch.context() as patch:
        short, long = both_ways(dagcbor.encode(FIELDS | changes), patch)
    assert short == long


@given(st.data())
def test_a_commit_with_a_byte_changed_is_read_the_same(data: st.DataObject) -> None:
    """Also one that is cut or has bytes behind it."""
    import pytest  # noqa: PLC0415 (the same)

    encoded = bytearray(dagcbor.encode(FIELDS))
    place = data.draw(st.integers(0, len(encoded) - 1))
    encoded[place] = data.draw(st.integers(0, 255))
    cut = data.draw(st.sampled_from([len(encoded), place, len(encoded) - 1]))
    with pytest.MonkeyPatch.context() as patch:
        short, long = both_ways(bytes(encoded[:cut]), patch)
    assert short == long


def test_the_short_way_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """An ordinary commit is not read item by item."""
    data = dagcbor.encode(FIELDS)
    monkeypatch.setattr(commit.dagcbor, "diagnose", None)
    read, found = commit.read_commit(data, LINK, 59)
    assert read is not None
    assert (read.fields, found) == (FIELDS, [])


@given(st.data())
def test_a_header_is_read_the_same_either_way(data: st.DataObject) -> None:
    """Whatever byte of it is changed, and however much of the file is there."""
    import pytest  # noqa: PLC0415 (the same)

    header = bytearray(car.encode_header([Cid(PLAIN_PREFIX + bytes(32))]))
    place = data.draw(st.integers(0, len(header) - 1))
    header[place] = data.draw(st.integers(0, 255))
    available = data.draw(st.sampled_from([len(header), len(header) - 1, 10**6]))
    head = bytes(header) + b"\x00" * 8
    short = car_header.read_header(head, offset=7, available=available)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(car_header, "PLAIN_HEADER", NEVER)
        long = car_header.read_header(head, offset=7, available=available)
    assert short == long
