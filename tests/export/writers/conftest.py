"""A repository with all that a format may stumble over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from repoview.core.cid import Cid
from repoview.core.repo.repo import Repo
from tests.core.repos import make_repo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from repoview.core.formats.dagcbor.strict import Value

LINK = Cid.for_block(b"linked")
POST = "app.bsky.feed.post"

FORMULAS = ("=1+1", "+1", "-1", "@x", "\tx", "\rx", "  =1", '"=1', "'=1", "＝1", "－1")  # noqa: RUF001

RECORDS: dict[str, Value] = {
    f"{POST}/3jpv3sr5udc2f": {
        "$type": POST,
        "text": "Hello, <b>world</b>!\n\n# no heading\n[x](javascript:y) *z* https",
        "createdAt": "2023-03-01T15:34:00.000Z",
        "langs": ["en", "de"],
        "facets": [
            {
                "index": {"byteStart": 0, "byteEnd": 5},
                "features": [{"uri": "https://example.org/a?b=c"}],
            },
            {
                "index": {"byteStart": 7, "byteEnd": 9},
                "features": [{"uri": "javascript:alert(1)"}],
            },
        ],
        "reply": {"parent": {"uri": "at://did:plc:x/a.b.c/d", "cid": str(LINK)}},
        "embed": {"images": [{"alt": "a tree", "image": LINK}]},
    },
    "com.example.odd/big": {
        "$type": "com.example.odd",
        "big": 2**53,
        "less": -(2**53) - 1,
        "exact": 2**53 - 1,
        "digits": "9007199254740993",
    },
    "com.example.odd/bytes": {"$type": "com.example.odd", "b": b"\0\xff", "l": LINK},
    "com.example.odd/names": {
        "$type": "com.example.odd",
        "uri": "its own",
        "a.b": 1,
        "a": {"b": 2, "": None},
        "": "empty",
        '"; DROP TABLE records; --': True,
        "Text": "one",
        "text": "two\0three",
    },
    **{
        f"com.example.odd/formula{number}": {"$type": "com.example.odd", "f": text}
        for number, text in enumerate(FORMULAS)
    },
    "com.example.Odd/case": {"$type": "com.example.Odd", "x": 1},
    "com.example.odd.json/..": {"$type": "com.example.odd", "x": []},
    "com.example.odd/con": {"$type": "com.example.odd", "x": {}},
    "com.example.odd/" + "K" * 400: {"$type": "com.example.odd"},
}


@pytest.fixture(scope="session")
def car() -> bytes:
    """It, as a file."""
    return make_repo(RECORDS)


@pytest.fixture
def repo(car: bytes) -> Iterator[Repo]:
    """It, open."""
    with Repo.load(car) as repo:
        yield repo


@pytest.fixture
def values(repo: Repo) -> dict[str, Any]:
    """What its records are as JSON, by path."""
    return {record.path: record.json() for record in repo.records()}
