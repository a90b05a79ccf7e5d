"""Facts about names: what is a DID, an NSID, a record key, a TID."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repoview.core import limits
from repoview.core.formats.syntax import (
    has_lower_authority,
    is_atproto_did_method,
    is_cid,
    is_did,
    is_nsid,
    is_rkey,
    is_tid,
    make_tid,
    read_at_uri,
    tid_clock_id,
    tid_time,
)
from tests.strategies import cids, nsids, rkeys, tids

WITHOUT_KERNEL = True

CHECKS = (is_did, is_nsid, is_rkey, is_tid, is_cid)


@pytest.mark.parametrize(
    "did", ["did:plc:z72i7hdynmk6r22z27h6tvur", "did:web:example.com", "did:m:v%3A:b"]
)
def test_dids_are_known(did: str) -> None:
    """Of every method."""
    assert is_did(did)


@pytest.mark.parametrize(
    ("did", "is_used"),
    [
        ("did:plc:z72i7hdynmk6r22z27h6tvur", True),
        ("did:plc:z72i7hdynmk6r22z27h6tvu", False),
        ("did:plc:z72i7hdynmk6r22z27h6tvurr", False),
        ("did:plc:z72i7hdynmk6r22z27h6tv1r", False),
        ("did:plc:Z72I7HDYNMK6R22Z27H6TVUR", False),
        ("did:plc:z72i7hdynmk6r22z27h6tvur\n", False),
        ("did:web:example.com", True),
        ("did:key:zQ3sh", False),
        ("did:webvh:example.com", False),
    ],
)
def test_atproto_uses_two_methods(did: str, *, is_used: bool) -> None:
    """A did:plc has 24 characters of base32; any did:web will do."""
    assert is_atproto_did_method(did) == is_used


def test_lengths_end_at_their_bounds() -> None:
    """The last length that is right, and the first that is not."""
    did = "did:m:"
    assert is_did(did + "v" * (limits.MAX_DID - len(did)))
    assert not is_did(did + "v" * (limits.MAX_DID - len(did) + 1))
    assert is_rkey("r" * limits.MAX_RKEY)
    assert not is_rkey("r" * (limits.MAX_RKEY + 1))
    authority = ".".join(["a" * 63, "b" * 63, "c" * 63, "d" * 61])
    assert len(f"{authority}.{'n' * 63}") == limits.MAX_NSID
    assert is_nsid(f"{authority}.{'n' * 63}")
    assert not is_nsid(f"{authority}.{'n' * 64}")
    assert not is_nsid(f"{authority}d.{'n' * 63}")
    assert is_nsid(f"com.{'a' * 63}.name")
    assert not is_nsid(f"com.{'a' * 64}.name")
    assert is_cid("b" * 256)
    assert not is_cid("b" * 257)


@pytest.mark.parametrize(
    ("nsid", "is_lower"),
    [
        ("com.example.fooBar", True),
        ("com.Example.fooBar", False),
        ("COM.example.foo", False),
        ("a.b.c", True),
    ],
)
def test_the_domain_of_an_nsid_should_be_in_lower_case(
    nsid: str, *, is_lower: bool
) -> None:
    """Its last part is a name, whose case matters."""
    assert is_nsid(nsid)
    assert has_lower_authority(nsid) == is_lower


@pytest.mark.parametrize("rkey", ["", ".", "..", "a/b", "é", "a b", "a\n", "a\0", "%"])
def test_other_text_is_no_record_key(rkey: str) -> None:
    """Above all not what could walk a file tree."""
    assert not is_rkey(rkey)


@pytest.mark.parametrize(
    "text",
    ["3jzfcijpj2z2a\n", "3jzfcijpj2z2", "kjzfcijpj2z2a", "3jzfcijpj2z21", "", "²" * 13],
)
def test_other_text_is_no_tid(text: str) -> None:
    """A line feed at the end is one character too many."""
    assert not is_tid(text)


def test_a_tid_tells_its_time_and_clock() -> None:
    """53 bits of microseconds, and ten of the clock."""
    tid = "3jzfcijpj2z2a"
    assert tid_time(tid) == datetime(2023, 6, 30, 15, 3, 1, 887_007, tzinfo=UTC)
    assert tid_clock_id(tid) == 6
    assert make_tid(1_688_137_381_887_007, 6) == tid


def test_the_first_and_last_tid_have_times() -> None:
    """No TID is beyond what a date can be."""
    assert tid_time("2" * 13) == datetime(1970, 1, 1, tzinfo=UTC)
    assert tid_time("b" + "z" * 12).year == 2255
    assert tid_time("j" + "z" * 12).year == 2540
    assert tid_time("222222d7n7i22").year == 1970


@given(tids())
def test_every_tid_leads_back_to_itself(tid: str) -> None:
    """Through its time and clock."""
    assert is_tid(tid)
    micros = (tid_time(tid) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(
        microseconds=1
    )
    assert make_tid(micros, tid_clock_id(tid)) == tid


@given(st.integers(0, 2**53 - 1), st.integers(0, 2**53 - 1), st.integers(0, 1023))
def test_tids_sort_as_their_times(a: int, b: int, clock: int) -> None:
    """As text, which is what they are for."""
    assert (make_tid(a, clock) < make_tid(b, clock)) == (a < b)
    assert tid_clock_id(make_tid(a, clock)) == clock


@given(nsids(), rkeys())
def test_what_the_strategies_make_is_right(nsid: str, rkey: str) -> None:
    """All other property tests rest on it."""
    assert is_nsid(nsid)
    assert has_lower_authority(nsid)
    assert is_rkey(rkey)


@given(cids())
def test_every_cid_looks_like_one(cid: object) -> None:
    """Its text is of the shape that fields of this format have."""
    assert is_cid(str(cid))


@given(st.text(max_size=40))
def test_any_text_is_judged(text: str) -> None:
    """No check raises, and none takes a text with a line feed behind it."""
    for check in CHECKS:
        assert not check(text + "\n")
        assert check(text) in {True, False}


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize("piece", ["a", "a.", "a-", "did:a:", ":", "%", "2"])
def test_long_text_is_refused_by_its_length(check: object, piece: str) -> None:
    """Before any pattern sees it."""
    assert callable(check)
    assert not check(piece * 1_000_000)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("at://did:web:a/b.c.d/e", ("did:web:a", "b.c.d", "e")),
        ("at://did:web:a/b.c.d/e/", ("did:web:a", "b.c.d", "e")),
        ("at://did:web:a/b.c.d/e?x=/y#/z", ("did:web:a", "b.c.d", "e")),
        ("at://a.example/b.c.d", ("a.example", "b.c.d", "")),
        ("at://a.example", ("a.example", "", "")),
        ("at://a/b/c/d", ("a", "b", "c/d")),
        ("at://", None),
        ("at:///b.c.d/e", None),
        ("https://a/b/c", None),
        ("did:web:a/b.c.d/e", None),
    ],
)
def test_at_uris_come_apart(text: str, parts: tuple[str, str, str] | None) -> None:
    """As far as they go."""
    assert read_at_uri(text) == parts


def test_an_at_uri_knows_its_path() -> None:
    """Both parts of it, or one, or none."""
    uris = ("at://a/b.c.d/e", "at://a/b.c.d", "at://a")
    found = [uri.path for uri in map(read_at_uri, uris) if uri]
    assert found == ["b.c.d/e", "b.c.d", ""]
