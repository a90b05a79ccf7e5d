"""Facts about keys: what a repo path must be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repoview.core.formats.key import collection_of, is_sound_key, key_faults, path_of

WITHOUT_KERNEL = True

GOOD = b"app.bsky.feed.post/3jzfcijpj2z2a"


def codes(key: bytes) -> list[str]:
    """Return the codes of what is wrong with *key*."""
    return [fault.code for fault in key_faults(key)]


@pytest.mark.parametrize(
    "key",
    [
        GOOD,
        b"app.bsky.actor.profile/self",
        b"com.example.thing/a:b~c_d.e-f",
        b"a.b.c/1",
        b"com.example-site.fooBar/...",
    ],
)
def test_good_keys_have_no_faults(key: bytes) -> None:
    """They are sound, and nothing is said of them."""
    assert is_sound_key(key)
    assert codes(key) == []


@pytest.mark.parametrize(
    ("key", "code"),
    [
        (b"", "KEY001"),
        (b"app.bsky.feed.post/\xff", "KEY002"),
        (b"no-slash", "KEY003"),
        (b"a.b.c/1/2", "KEY003"),
        (b"/a.b.c", "KEY003"),
        (b"a.b.c/", "KEY003"),
        (b"two.segments/1", "KEY004"),
        (b"k/00", "KEY004"),
        (b"1a.b.c/1", "KEY004"),
        (b"a.b.c-d/1", "KEY004"),
        (b"App.bsky.feed/1", "KEY005"),
        (b"a.b.c/with space", "KEY006"),
        (b"a.b.c/.", "KEY007"),
        (b"a.b.c/..", "KEY007"),
        (b"a.b.c/" + b"r" * 513, "KEY008"),
        (b"a.b." + b"c" * 314 + b"/1", "KEY008"),
        (b"a.b.c/" + b"r" * 300, "KEY011"),
    ],
)
def test_each_fault_has_its_code(key: bytes, code: str) -> None:
    """One fault is one code, the most telling one first."""
    assert codes(key)[0] == code


def test_very_long_keys_are_told_apart_from_long_ones() -> None:
    """Over 1,024 bytes more readers refuse a key than over 256."""
    assert codes(b"a.b.c/" + b"r" * 1100) == ["KEY008", "KEY010"]
    assert codes(b"a.b.c/" + b"r" * 500) == ["KEY011"]


def test_control_characters_are_said_beside_the_forbidden_character() -> None:
    """They matter to a terminal besides."""
    assert codes(b"a.b.c/\x1b[31m") == ["KEY006", "KEY013"]


@given(st.one_of(st.binary(max_size=80), st.from_regex(r"[a-zA-Z.]{1,20}/.{1,9}")))
def test_sound_keys_are_those_without_faults(key: bytes | str) -> None:
    """The fast check and the one that explains agree."""
    raw = key.encode(errors="surrogatepass") if isinstance(key, str) else key
    assert is_sound_key(raw) == (codes(raw) == [])


def test_paths_show_bytes_that_are_not_utf8() -> None:
    """Nothing is lost, and nothing raises."""
    assert path_of(b"a.b.c/\xff\xc3\xa9") == "a.b.c/\\xffé"


def test_collections_end_at_the_first_slash() -> None:
    """A key without one, or that begins with it, has no collection."""
    assert collection_of(GOOD) == b"app.bsky.feed.post"
    assert collection_of(b"no-slash") == b""
    assert collection_of(b"/x") == b""
