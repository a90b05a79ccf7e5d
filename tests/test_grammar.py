"""Facts about sentences with numbers: nouns and verbs agree with them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from repoview import Repo
from repoview.core.wording import agreed, count_text
from repoview.corpus import make_car, sample
from repoview.corpus.cbor import encode
from repoview.corpus.repo import with_stray
from repoview.present import finding_lines, verdict_sentence
from repoview.present.checks import checklist

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DISAGREES = re.compile(
    r"(?<![\w.,:/'-])1 (?!is\b|has\b|was\b|does\b|takes\b|belongs\b)[a-z]+s\b"
    r"|(?<![\w.,:/'-])1 of them (?:are|have|look)\b"
    r"|\b1 (?!would)[a-z]+ (?:are|have|were|do)\b"
)

ONE_OF_EACH: dict[str, Callable[[], bytes]] = {
    "an unlinked block": lambda: with_stray().data,
    "a duplicate": lambda: sample().car().plus_block(sample().data).data,
    "an old node": lambda: with_stray(encode({"e": [], "l": None})).data,
    "a section of no length": lambda: sample().car().plus(b"\0", at=3).data,
    "padding of one byte": lambda: sample().car().plus(b"\0").data,
    "a section of one byte": lambda: sample().car().plus(b"\1x", at=3).data,
    "a byte left": lambda: sample().car().plus(b"\x80").data,
    "one record": lambda: make_car({"com.example.note/1": {}}).data,
    "one block": lambda: sample().car().in_order([sample().cid]).data,
    "no block": lambda: make_car({}).in_order([]).data,
    "a byte of a file": lambda: b"\x3a",
}
"""Files of which some number is one."""


def test_one_is_not_many() -> None:
    """And none is many."""
    assert count_text(1, "block") == "1 block"
    assert [count_text(n, "entry", "entries") for n in (0, 1, 2_000)] == [
        "0 entries",
        "1 entry",
        "2,000 entries",
    ]
    assert [agreed(n, "is", "are") for n in (0, 1, 2)] == ["are", "is", "are"]


def test_what_disagrees_is_seen() -> None:
    """The measure itself."""
    for wrong in ("1 blocks", "all 1 records", "1 of them look", "1 byte are left"):
        assert DISAGREES.search(wrong)
    for right in ("1 block", "11 blocks", "version 1 is", "1 is", "3.1 nodes", "1 has"):
        assert not DISAGREES.search(right)


def sentences(repo: Repo) -> Iterator[str]:
    """Yield all that is said of a repository."""
    yield verdict_sentence(repo.report)
    yield repr(repo)
    yield repr(repo.tree)
    for each in checklist(repo.report):
        yield f"{each.detail} ({each.amount})"
    for found in repo.report.findings:
        yield " ".join(finding_lines(found, 10_000, rule=False))


def check(repo: Repo) -> None:
    """See that numbers agree in every finding, the verdict and the checks."""
    assert not [each for each in sentences(repo) if DISAGREES.search(each)]


@pytest.mark.parametrize("name", ONE_OF_EACH)
def test_numbers_agree_where_there_is_one(name: str) -> None:
    """One block, one byte, one record."""
    with Repo.load(ONE_OF_EACH[name]()) as repo:
        check(repo)
