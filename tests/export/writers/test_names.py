"""Facts about the names of files that records get."""

from __future__ import annotations

from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repoview.export.writers.names import key_of, parts_of

HOSTILE: Final = (
    b"",
    b"/",
    b"..",
    b"../..",
    b"a.b.c/..",
    b"a.b.c/.",
    b"../../etc/passwd",
    b"/etc/passwd",
    b"a.b.c/../../x",
    b"a.b.c/a/b",
    b"a.b.c/a\\..\\b",
    b"a.b.c/C:x",
    b"a.b.c/x:stream",
    b"a.b.c/con",
    b"a.b.c/NUL.json",
    b"a.b.c/com1.txt",
    b"aux/x",
    b"con.b.c/x",
    b"a.b.c/x.",
    b"a.b.c/x ",
    b"a.b./x",
    b"a.b.c/-rf",
    b"a.b.c/Self",
    b"a.b.c/self",
    b"a.b.C/self",
    b"a.b.c/\0",
    b"a.b.c/\xff\xfe",
    "a.b.c/e\u0301".encode(),
    "a.b.c/\u00e9".encode(),
    b"a.b.c/%2e",
    b"a.b.c/%",
    b"%/x",
    b"x.json/y",
    b"x",
    b"x/y",
    b"a.b.c/" + b"x" * 512,
    b"a.b.c/" + b"X" * 512,
    b"a.b.c/" + b"\xff" * 4_000,
    b"n" * 300 + b"/" + b"con",
    b"a.b.c/" + b"x" * 130,
    b"a.b.c/" + b"x" * 130 + b"con",
    b"a.b.c/" + b"x" * 129 + b".",
)

ODD: Final = st.sampled_from(
    [b"/", b".", b"%", b"con", b".json", b"A", b"a", b"-", b"\xff"]
)
KEYS: Final = (
    st.binary(max_size=300)
    | st.lists(ODD, max_size=12).map(b"".join)
    | st.text("aA.%/-", max_size=300).map(str.encode)
)


def assert_harmless(parts: tuple[str, ...]) -> None:
    """Every name is one that all file systems take as it is."""
    for part in parts:
        assert part
        assert len(part) <= 143
        assert part.isascii()
        assert not set(part) & set('/\\:*?"<>|\0 ')
        assert part == part.lower() or "%" in part
        assert part[0] not in ".-"
        assert not part.endswith(".")
        assert part.partition(".")[0] not in {"con", "nul", "aux", "prn", "com1"}
    assert parts[-1].endswith(".json")
    assert not any(part.endswith(".json") for part in parts[:-1])


@pytest.mark.parametrize("key", HOSTILE)
def test_a_hostile_key_has_a_harmless_name(key: bytes) -> None:
    """From which it can be told again."""
    assert_harmless(parts_of(key))
    assert key_of(parts_of(key)) == key


@given(KEYS)
def test_any_key_is_told_from_its_name(key: bytes) -> None:
    """So no two records have one file."""
    assert_harmless(parts_of(key))
    assert key_of(parts_of(key)) == key


@given(KEYS, KEYS)
def test_two_keys_have_two_names_whatever_the_case(one: bytes, two: bytes) -> None:
    """And no file is where another needs a folder."""
    first, second = ([p.lower() for p in parts_of(key)] for key in (one, two))
    if one != two:
        assert first != second
        assert first != second[: len(first)]


def test_hostile_names_differ_on_a_system_that_folds_case() -> None:
    """All of them at once."""
    names = {"/".join(parts_of(key)).casefold() for key in HOSTILE}
    assert len(names) == len(HOSTILE)


def test_an_ordinary_name_is_the_path() -> None:
    """So that people find it."""
    key = b"app.bsky.feed.post/3jpv3sr5udc2f"
    assert parts_of(key) == ("app.bsky.feed.post", "3jpv3sr5udc2f.json")


@pytest.mark.parametrize(
    "parts",
    [("x",), ("a", "b", "c.json"), ("a%", "%zz.json"), ("a%.json",), ("a", "b%.json")],
)
def test_a_name_that_no_export_gives_is_refused(parts: tuple[str, ...]) -> None:
    """Rather than guessed."""
    with pytest.raises(ValueError, match=r"name|escape|folder"):
        key_of(parts)
