"""Facts about finding records by what stands in them."""

from __future__ import annotations

import sys
from array import array
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repoview.core.errors import RepoviewError
from repoview.core.formats.dagcbor import strict as dagcbor
from repoview.core.formats.dagcbor.text_spans import texts
from repoview.core.index import text_search
from repoview.core.index.text_search import Match, Needle, byte_of, match_in
from repoview.core.repo.repo import Repo
from tests.core.repos import make_repo, many
from tests.fuzz.repositories import repositories
from tests.strategies import examples, odd_values

if TYPE_CHECKING:
    from collections.abc import Iterator

LETTERS: Final = "aAbBßẞsS\u017fkK\u212aäÄéÉİi\u0131I\u03c3ςΣﬁfF日本 🦋."
"""Of which some have several small or capital forms, or fold to two."""

NEEDLES: Final = st.text(LETTERS, max_size=3)


def told(value: Any, *, is_top: bool = True) -> Iterator[str]:
    """Yield the texts that a value says."""
    match value:
        case str():
            yield value
        case list():
            for each in value:
                yield from told(each, is_top=False)
        case dict():
            for key, each in value.items():
                if not (is_top and key == "$type" and isinstance(each, str)):
                    yield from told(each, is_top=False)


def lowered(text: str) -> str:
    """Return a text with the capital letters of ASCII made small."""
    return text.encode(errors="surrogatepass").lower().decode(errors="surrogatepass")


def is_in(needle: str, text: str) -> bool:
    """Tell whether a needle is in a text, as plainly as it can be told."""
    if needle != needle.lower():
        return needle in text
    if needle.isascii():
        return needle in lowered(text)
    return needle.casefold() in text.casefold()


def found_in(repo: Repo, needle: str, numbers: Any = None) -> list[int]:
    """Return the records that are found, ascending."""
    return sorted(n for step in repo.containing(needle, numbers) for n in step.numbers)


def posts(*said: str) -> dict[str, dagcbor.Value]:
    """Return records that say this, in order."""
    kind = "com.example.post"
    return {f"{kind}/{n:04}": {"$type": kind, "text": s} for n, s in enumerate(said)}


# Texts


@examples(200)
@given(odd_values())
def test_texts_are_those_of_the_value(value: Any) -> None:
    """In the order of the bytes."""
    data = dagcbor.encode(value)
    expected = list(told(dagcbor.diagnose(data).value))
    assert [data[a:b].decode() for a, b in texts(data)] == expected


@given(st.binary(max_size=60))
def test_any_bytes_have_texts(data: bytes) -> None:
    """Inside of them, one behind the other."""
    places = [place for span in texts(data) for place in span]
    assert places == sorted(places)
    assert all(0 <= place <= len(data) for place in places)


# Records


@examples(80)
@given(st.lists(st.text(LETTERS, max_size=6), max_size=12), NEEDLES)
def test_records_are_found_that_hold_the_needle(said: list[str], needle: str) -> None:
    """And no others, in any letters."""
    with Repo.load(make_repo(posts(*said))) as repo:
        expected = [n for n, text in enumerate(said) if is_in(needle, text)]
        assert found_in(repo, needle) == expected


@examples(60)
@given(repositories(), st.sampled_from(["", "a", "e", "x", "A", "é", "ä", "com"]))
def test_any_repository_is_searched(data: bytes, needle: str) -> None:
    """Whatever its order is, and whatever is wrong with it."""
    with Repo.load(data) as repo:
        found = set(found_in(repo, needle))
        for number in range(len(repo)):
            record = repo.record(number)
            if record.state != "sound":
                continue
            try:
                value = record.decoded
            except RepoviewError:
                assert number not in found
                continue
            if isinstance(value, bytes):
                assert number not in found
                continue
            holds = any(is_in(needle, text) for text in told(value))
            assert (number in found) == holds
            match, byte = match_in(value, needle), byte_of(record.data, needle)
            assert (match is not None, byte is not None) == (holds, holds)
            if match is not None:
                assert record.data[byte:].startswith(match.text.encode())


@pytest.mark.parametrize(
    ("needle", "found"),
    [
        ("é", [0, 1]),
        ("É", [1]),
        ("straße", [2, 3]),
        ("ss", [2]),
        ("日本", [4]),
        ("日本 x", []),
        ("ﬁ", [5, 6]),
    ],
)
def test_letters_beyond_ascii_are_found_in_either_case(
    needle: str, found: list[int]
) -> None:
    """A capital letter is meant as it is; those of ASCII alone fold to one."""
    said = "café", "CAFÉ", "STRASSE", "Straße", "日本 🦋", "find", "ﬁnd"
    with Repo.load(make_repo(posts(*said))) as repo:
        assert found_in(repo, needle) == found


def test_every_letter_that_folds_is_known() -> None:
    """None of those behind the last one does."""
    known = text_search._capitals.__wrapped__()  # noqa: SLF001 (made once, whoever asks)
    last = chr(text_search._LAST_FOLDED)  # noqa: SLF001 (it is what the fact is about)
    assert last in known[last.casefold()]
    assert known["s"] >= {"S", "ß", "ẞ", "\u017f"}
    behind = "".join(map(chr, range(ord(last) + 1, sys.maxunicode + 1)))
    assert behind.casefold() == behind


def test_keys_and_the_type_are_not_searched() -> None:
    """They are the same in all records of a collection."""
    kind = "com.example.post"
    inner: dagcbor.Value = {"$type": "com.example.embed"}
    record: dagcbor.Value = {"$type": kind, "post": "x", "embed": inner}
    with Repo.load(make_repo({f"{kind}/1": record})) as repo:
        assert found_in(repo, "post") == []
        assert found_in(repo, "embed") == [0]


def test_some_records_are_searched() -> None:
    """As an array, and as a range; whole ones only when they are asked for."""
    with Repo.load(make_repo(posts("one", "two", "one", "one"))) as repo:
        assert found_in(repo, "one", range(1, 3)) == [2]
        assert found_in(repo, "one", array("I", [0, 1, 3])) == [0, 3]
        assert found_in(repo, "one", range(0)) == []


def test_a_search_tells_how_far_it_came(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the batch, so that it can be ended."""
    monkeypatch.setattr(text_search, "_AT_ONCE", 3)
    with Repo.load(make_repo(many(8))) as repo:
        steps = list(repo.containing("00000"))
    assert [step.done for step in steps] == [3, 6, 8]
    assert sum(len(step.numbers) for step in steps) == 8


def test_damaged_blocks_are_passed_over() -> None:
    """A block that does not hash is not a record."""
    data = bytearray(make_repo(posts("needle 1", "needle 2")))
    at = data.rindex(b"needle")
    data[at : at + 6] = b"Needle"
    with Repo.load(bytes(data)) as repo:
        assert found_in(repo, "needle") == [0]


# Matches


def test_a_match_says_where_it_is() -> None:
    """The first one, in the order of the record."""
    value: dagcbor.Value = {
        "$type": "a needle",
        "embed": {"images": [{"alt": "none"}, {"alt": "a Needle here"}]},
        "text": "needle",
    }
    expected = Match("embed.images[1].alt", "a Needle here", 2, 8)
    assert match_in(value, "needle") == expected
    assert match_in(value, "Noodle") is None


def test_a_match_in_words_comes_before_one_in_names() -> None:
    """Of AT URIs there are many, and few are looked for."""
    uri = "at://did:web:sea.example/a.b.c/1"
    value: dagcbor.Value = {"uri": uri, "via": [uri], "words": "the sea"}
    found = match_in(value, "sea")
    assert found == Match("words", "the sea", 4, 7)
    found = match_in({"uri": uri, "via": [uri]}, "sea")
    assert found == Match("uri", uri, 13, 16)


def test_the_byte_of_a_match_is_that_of_the_same_text() -> None:
    """In words before names; of names, the first."""
    uri = "at://did:web:sea.example/a.b.c/1"
    named = dagcbor.encode({"a": uri, "b": uri})
    assert byte_of(named, "sea") == named.index(uri.encode())
    both = dagcbor.encode({"a": uri, "b": "the sea", "c": "a sea"})
    assert byte_of(both, "sea") == both.index(b"the sea")
    assert byte_of(both, "lake") is None


@pytest.mark.parametrize(
    "data",
    [
        b"\xa1\x01\x61a",
        b"\xa1\x82\x61a\x61b\x61c",
        b"\xbb" + b"\xff" * 8 + b"\x61a",
    ],
    ids=["a number as a key", "an array as a key", "more items than there can be"],
)
def test_what_is_no_dag_cbor_has_no_texts(data: bytes) -> None:
    """What they would be is for those to say who look for faults."""
    assert list(texts(data)) == []


@pytest.mark.parametrize(
    ("needle", "text", "matched"),
    [
        ("straße", "An der STRASSE", "STRASSE"),
        ("ß", "ss", "ss"),
        ("é", "xÉx", "É"),
        ("ǆ", "aǅb", "ǅ"),
        ("sand", "Sandsack", "Sand"),
        ("Sand", "Treibsand Sand", "Sand"),
        ("ﬁ", "find", "fi"),
        ("ä", "ﬀÄ", "Ä"),
    ],
)
def test_a_match_is_what_was_written(needle: str, text: str, matched: str) -> None:
    """Also where letters fold to several."""
    span = Needle(needle).find(text)
    assert span is not None
    assert text[slice(*span)] == matched
