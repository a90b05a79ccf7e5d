"""Facts about runs of keys."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from repoview.core.formats.key_range import KeyRange, after_prefix

WITHOUT_KERNEL = True

TEXTS = st.text("ab\x7fé", max_size=4)
KEYS = st.binary(max_size=3) | TEXTS.map(str.encode)


@given(TEXTS, st.none() | TEXTS, st.none() | TEXTS, st.none() | TEXTS, KEYS)
def test_a_range_has_what_is_in_all_of_its_bounds(
    prefix: str, start: str | None, stop: str | None, begun: str | None, key: bytes
) -> None:
    """Its start is, its stop is not."""
    within = KeyRange.of(prefix, start, stop)
    wanted = key.startswith(prefix.encode())
    wanted = wanted and (start is None or key >= start.encode())
    wanted = wanted and (stop is None or key < stop.encode())
    assert (key in within) is wanted
    if begun is not None:
        later = within.begun_at(begun)
        assert (key in later) is (wanted and key >= begun.encode())


@given(KEYS, st.none() | KEYS, KEYS, st.none() | KEYS)
def test_ranges_meet_where_a_key_is_in_both(
    first: bytes, stop: bytes | None, low: bytes, high: bytes | None
) -> None:
    """The smallest key behind all lower bounds is the one to ask."""
    within = KeyRange(first, stop)
    # "" bounds nothing; else the key just behind is the smallest there can be.
    least = max(first, low + b"\0" if low else b"")
    is_below = high is None or least < high
    is_all = within == KeyRange()
    assert within.meets(low, high) is (is_all or (least in within and is_below))


@given(st.binary(max_size=4), st.binary(max_size=6))
def test_what_follows_a_prefix_is_behind_all_of_it(prefix: bytes, other: bytes) -> None:
    """And nothing stands between."""
    after = after_prefix(prefix)
    assert (prefix <= other and (after is None or other < after)) is other.startswith(
        prefix
    )


def test_what_nothing_fits_into_is_among_all_keys() -> None:
    """A node that is missing before the empty key is told of all the same."""
    assert KeyRange().meets(b"", b"")
    assert not KeyRange(b"a").meets(b"", b"")
    assert not KeyRange(stop=b"a").meets(b"", b"")


def test_nothing_is_in_all_keys_but_keys() -> None:
    """Everything that is one is."""
    assert b"" in KeyRange()
    assert b"\xff" in KeyRange()
    assert "text" not in KeyRange()
