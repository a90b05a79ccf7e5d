"""Generators of atproto data, shared by all property tests.

What `values` and `records` make is sound: encoded, it gives no finding of any
severity. `odd_values` makes what can be encoded but should not be there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import settings
from hypothesis import strategies as st

from repoview.core.cid import PLAIN_PREFIX, RAW_PREFIX, Cid

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hypothesis.strategies import SearchStrategy

    from repoview.core.formats.dagcbor.strict import Value

MAX_SAFE = 2**53 - 1
CONTROL = "\u202d\u202e\u2066\u2067\u2068\u2069"
LETTERS = "abcdefghijklmnopqrstuvwxyz"
DIGITS = "0123456789"
TID_DIGITS = "234567" + LETTERS


def examples(number: int, **others: Any) -> settings:
    """Return settings for so many examples.

    Where a profile has fewer than hypothesis by itself, as in CI, there are fewer
    in proportion, but no fewer than the profile has.
    """
    usual = settings().max_examples
    fewer = max(usual, number * usual // 100)
    return settings(max_examples=min(number, fewer), **others)


def cids() -> SearchStrategy[Cid]:
    """CIDs of the two forms that atproto knows."""
    prefixes = st.sampled_from((PLAIN_PREFIX, RAW_PREFIX))
    digests = st.binary(min_size=32, max_size=32)
    return st.builds(lambda prefix, digest: Cid(prefix + digest), prefixes, digests)


def plain_cids() -> SearchStrategy[Cid]:
    """CIDs of blocks that a tree may link to."""
    digests = st.binary(min_size=32, max_size=32)
    return digests.map(lambda digest: Cid(PLAIN_PREFIX + digest))


def texts(**sizes: int) -> SearchStrategy[str]:
    """Text without control and bidi characters, in all scripts."""
    characters = st.characters(
        codec="utf-8", exclude_categories=("Cc", "Cs"), exclude_characters=CONTROL
    )
    return st.text(
        characters | st.sampled_from("\t\n\r\u200c\u200d\u200e\u202a\u202c"), **sizes
    )


def names() -> SearchStrategy[str]:
    """Map keys: not empty, not reserved."""
    likely = st.sampled_from(("text", "uri", "cid", "createdAt", "subject", "b", "aa"))
    legal = texts(min_size=1, max_size=40).filter(lambda name: name[0] != "$")
    return likely | legal


def scalars() -> SearchStrategy[Value]:
    """Sound values that are neither arrays nor maps."""
    return st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-MAX_SAFE, MAX_SAFE),
        st.sampled_from((0, 23, 24, 255, 256, 65535, 65536, 2**32 - 1, 2**32, -25)),
        texts(max_size=300),
        st.binary(max_size=300),
        cids(),
    )


def values(max_leaves: int = 20) -> SearchStrategy[Value]:
    """Sound values of all types, nested."""
    return st.recursive(scalars(), _around, max_leaves=max_leaves)


def odd_values(max_leaves: int = 20) -> SearchStrategy[Value]:
    """Values that can be encoded, sound or not: floats, large integers, any text."""
    floats = st.floats(allow_nan=False, allow_infinity=False)
    odd = st.one_of(
        scalars(),
        floats.filter(lambda number: number or str(number) == "0.0"),
        st.integers(-(2**64), 2**64 - 1),
        st.text(max_size=30),
        st.binary(max_size=20).map(lambda digest: Cid(_identity(digest))),
    )
    return st.recursive(odd, _around_anything, max_leaves=max_leaves)


def blob_refs() -> SearchStrategy[Any]:
    """References to blobs, right as they are."""
    raw = st.binary(min_size=32, max_size=32)
    return st.fixed_dictionaries(
        {
            "$type": st.just("blob"),
            "ref": raw.map(lambda digest: Cid(RAW_PREFIX + digest)),
            "mimeType": st.just("*/*") | texts().map("image/{}".format),
            "size": st.integers(1, MAX_SAFE) | st.sampled_from((1, 23, 24, 256, 2**32)),
        }
    )


def nearly_blob_refs() -> SearchStrategy[Any]:
    """Maps like references to blobs of either form: with fields changed or left out."""
    legacy = {"cid": texts(max_size=70), "mimeType": texts(max_size=9)}
    field = st.sampled_from(("$type", "ref", "mimeType", "size", "cid", "x", "a" * 9))
    value = st.one_of(
        scalars(),
        cids(),
        st.binary(max_size=20).map(lambda digest: Cid(_identity(digest))),
        st.sampled_from((0, -1, 2**53, 2**63, 2**64 - 1, -(2**64), 1.5, True, None)),
        st.sampled_from(("", "blob", "a/b", "png", b"", [], {}, ["blob"], {"cid": ""})),
    )
    return st.builds(
        lambda whole, more, less: {
            name: each for name, each in {**whole, **more}.items() if name not in less
        },
        blob_refs() | st.fixed_dictionaries(legacy),
        st.dictionaries(field, value, max_size=2),
        st.sets(field, max_size=2),
    )


def records(collection: SearchStrategy[str] | None = None) -> SearchStrategy[Any]:
    """Sound records: maps with a `$type`.

    Args:
        collection: What it is; NSIDs of all kinds by default.
    """
    fields = st.dictionaries(names(), values(8), max_size=6)
    return st.builds(
        lambda fields, name: {**fields, "$type": name},
        fields,
        nsids() if collection is None else collection,
    )


def nsids() -> SearchStrategy[str]:
    """Names of collections, their domain in lower case."""
    likely = st.sampled_from(("app.bsky.feed.post", "app.bsky.feed.like", "a.b.c"))
    first = st.text(LETTERS, min_size=1, max_size=8)
    part = st.text(LETTERS + DIGITS, min_size=1, max_size=8)
    last = st.text(LETTERS + LETTERS.upper(), min_size=1, max_size=12)
    parts = st.builds(
        lambda first, middle, last: ".".join((first, *middle, last)),
        first,
        st.lists(part, min_size=1, max_size=3),
        last,
    )
    return likely | parts


def tids() -> SearchStrategy[str]:
    """TIDs of any time; their highest bit is zero."""
    return st.builds(
        lambda first, rest: first + rest,
        st.sampled_from(TID_DIGITS[:8]),
        st.text(TID_DIGITS, min_size=12, max_size=12),
    )


def rkeys() -> SearchStrategy[str]:
    """Record keys of all kinds."""
    characters = LETTERS + LETTERS.upper() + DIGITS + "._:~-"
    free = st.text(characters, min_size=1, max_size=40)
    legal = free.filter(lambda rkey: rkey not in {".", ".."})
    return tids() | legal | st.just("self")


def paths() -> SearchStrategy[str]:
    """Repo paths: collection and record key."""
    return st.builds(lambda nsid, rkey: f"{nsid}/{rkey}", nsids(), rkeys())


def keys() -> SearchStrategy[bytes]:
    """Keys of the tree: repo paths as bytes."""
    return paths().map(str.encode)


def mutated(
    blocks: SearchStrategy[bytes], pieces: Sequence[bytes]
) -> SearchStrategy[bytes]:
    """Blocks with random bytes changed, removed or inserted.

    Args:
        blocks: The blocks to mutate.
        pieces: What to insert, besides any three bytes.
    """
    piece = st.binary(max_size=3) | st.sampled_from(pieces)
    cuts = st.lists(st.tuples(st.integers(0), piece, st.integers(0, 3)), max_size=4)
    return st.builds(_cut_up, blocks, cuts)


def _cut_up(data: bytes, cuts: list[tuple[int, bytes, int]]) -> bytes:
    for place, put, out in cuts:
        at = place % (len(data) + 1)
        data = data[:at] + put + data[at + out :]
    return data


def _around(inner: SearchStrategy[Value]) -> SearchStrategy[Value]:
    return st.lists(inner, max_size=6) | st.dictionaries(names(), inner, max_size=6)


def _around_anything(inner: SearchStrategy[Value]) -> SearchStrategy[Value]:
    anything = st.text(max_size=30) | st.sampled_from(("$link", "$type", "$", ""))
    fields = st.dictionaries(anything | names(), inner, max_size=6)
    return st.lists(inner, max_size=6) | fields


def _identity(digest: bytes) -> bytes:
    return bytes((1, 0x55, 0, len(digest))) + digest
