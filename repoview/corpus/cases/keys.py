"""Cases of keys: each a tree that is right but for what one key says."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from repoview.corpus.case import Broken, Cases, Twin
from repoview.corpus.cbor import encode
from repoview.corpus.repo import SAMPLE, Repo, entry_of
from repoview.corpus.tree import COLLECTION, Entry, Node, build_tree, key_depth

if TYPE_CHECKING:
    from collections.abc import Iterator

CASES = Cases()


LONG = frozenset({"KEY011"})
"""What is said of a key that is legal, and long for some readers."""


def with_key(key: bytes, good: bytes | None = None) -> Broken:
    """Put one key more into the sample, where it belongs, and *good* into the twin."""
    broken = _with(key)
    good = f"{COLLECTION}/self".encode() if good is None else good
    codes = LONG if len(good) > 256 else frozenset()
    return replace(broken, twin=Twin(_with(good).car, codes))


def _with(key: bytes) -> Broken:
    collection = key.partition(b"/")[0].decode() or COLLECTION
    mine = Entry(key, encode({"$type": collection}))
    entries = [*(entry_of(path) for path in SAMPLE), mine]
    repo = Repo(build_tree(sorted(entries, key=lambda entry: entry.key)))
    car = repo.car()
    return Broken(car, car.offset_of(holder_of(repo, mine).cid))


def holder_of(repo: Repo, entry: Entry) -> Node:
    """Return the node that has *entry*."""
    return next(node for node in nodes(repo.top) if entry in node.entries)


def nodes(node: object) -> Iterator[Node]:
    """Yield the nodes from here down."""
    if isinstance(node, Node):
        yield node
        yield from nodes(node.left)
        for entry in node.entries:
            yield from nodes(entry.tree)


def at_the_bottom(beginning: str, ending: str) -> bytes:
    """Return a key of depth 0, with as many digits between as it takes."""
    keys = (f"{beginning}{number}{ending}".encode() for number in range(100))
    return next(key for key in keys if key_depth(key) == 0)


@CASES.error("KEY001", "invalid")
def empty_key() -> Broken:
    """A key has no bytes."""
    return with_key(b"")


@CASES.error("KEY002", "invalid")
def key_is_not_utf_8() -> Broken:
    """A key has a byte that no text has."""
    return with_key(COLLECTION.encode() + b"/caf\xe9")


@CASES.error("KEY003", "invalid")
def key_without_slash() -> Broken:
    """A key is a single name."""
    return with_key(b"self")


@CASES.error("KEY003", "invalid")
def key_of_three_parts() -> Broken:
    """A key has two slashes."""
    return with_key(COLLECTION.encode() + b"/a/b")


@CASES.error("KEY003", "invalid")
def key_ends_in_a_slash() -> Broken:
    """A key has nothing behind its slash."""
    return with_key(COLLECTION.encode() + b"/")


@CASES.error("KEY003", "invalid")
def key_begins_with_a_slash() -> Broken:
    """A key has a slash in front."""
    return with_key(b"/" + COLLECTION.encode() + b"/self")


@CASES.error("KEY004", "invalid")
def collection_of_two_parts() -> Broken:
    """A collection is a domain and no more."""
    return with_key(b"example.com/self")


@CASES.error("KEY004", "invalid")
def collection_with_an_underscore() -> Broken:
    """A collection has a character that no domain has."""
    return with_key(b"com.exa_mple.note/self")


@CASES.warning("KEY005", beside={"KEY012"})
def collection_in_capitals() -> Broken:
    """A collection's domain is in capitals."""
    return with_key(b"COM.Example.note/self", b"com.example.note/self")


@CASES.error("KEY005", "invalid", beside={"KEY012"}, options={"profile": "strict"})
def collection_in_capitals_strictly() -> Broken:
    """To the strict profile a collection is normalized."""
    return collection_in_capitals()


@CASES.error("KEY006", "invalid")
def rkey_with_a_space() -> Broken:
    """A record key has a space."""
    return with_key(COLLECTION.encode() + b"/hello world")


@CASES.error("KEY006", "invalid")
def rkey_with_an_umlaut() -> Broken:
    """A record key has a letter that is not ASCII."""
    return with_key(f"{COLLECTION}/grün".encode())


@CASES.error("KEY007", "invalid")
def rkey_is_a_dot() -> Broken:
    """A record key is a dot."""
    return with_key(COLLECTION.encode() + b"/.")


@CASES.error("KEY007", "invalid")
def rkey_is_two_dots() -> Broken:
    """A record key would lead out of a directory."""
    return with_key(COLLECTION.encode() + b"/..")


@CASES.error("KEY008", "invalid", beside={"KEY011"})
def rkey_of_513_characters() -> Broken:
    """A record key is one character too long."""
    long, good = (f"{COLLECTION}/{'x' * size}".encode() for size in (513, 512))
    return with_key(long, good)


@CASES.error("KEY008", "invalid", beside={"KEY011"})
def collection_of_318_characters() -> Broken:
    """A collection is one character too long."""
    long, good = (f"{collection_of(size)}/self".encode() for size in (318, 317))
    return with_key(long, good)


def collection_of(size: int) -> str:
    """Return a collection of so many characters, whose domain part has 253."""
    domain = ".".join(["com", "x" * 63, "x" * 63, "x" * 63, "x" * 57])
    return f"{domain}.{'n' * (size - len(domain) - 1)}"


@CASES.warning("KEY010", verdict="invalid", also={"KEY008"})
def key_over_a_kibibyte() -> Broken:
    """A key has 1,025 bytes, for its record key is too long."""
    beginning = f"{COLLECTION}/"
    return with_key(f"{beginning}{'x' * (1025 - len(beginning))}".encode())


@CASES.info("KEY011")
def key_over_256_bytes() -> Broken:
    """A key has 257 bytes, which is legal."""
    beginning = f"{COLLECTION}/"
    return with_key(f"{beginning}{'x' * (257 - len(beginning))}".encode())


@CASES.warning("KEY013", verdict="invalid", also={"KEY006"})
def rkey_with_a_bell() -> Broken:
    """A record key would ring."""
    return with_key(COLLECTION.encode() + b"/ring\x07")


def with_keys(*keys: str) -> Broken:
    """Have these keys and no others; the fault is at the record of the last."""
    repo = Repo(build_tree([entry_of(key) for key in sorted(keys)]))
    car = repo.car()
    last = next(
        entry
        for node in nodes(repo.top)
        for entry in node.entries
        if entry.key == keys[-1].encode()
    )
    return Broken(car, car.offset_of(last.cid))


@CASES.warning("KEY012")
def rkeys_that_differ_in_case() -> Broken:
    """Two record keys are the same letter, large and small."""
    return with_keys("com.example.note/A", "com.example.note/b", "com.example.note/a")


@CASES.warning("KEY012", count=2)
def three_rkeys_that_differ_in_case() -> Broken:
    """Three record keys differ only in which of their letters are large."""
    return with_keys(
        *(f"com.example.fineNote/{rkey}" for rkey in ("x-Ab", "x-ab", "x-aB"))
    )


@CASES.warning("KEY012")
def collections_that_differ_in_case() -> Broken:
    """Two collections differ in one letter; their record keys are not compared."""
    return with_keys(
        "com.example.fineNote/a",
        "com.example.fineNote/b",
        "com.example.finenote/b",
        "com.example.finenote/c",
        "com.example.finenote/a",
    )


def long_domain(size: int) -> Broken:
    """Have a collection whose domain part has so many characters."""
    parts = ["a" * 63] * 3
    rest = size - sum(map(len, parts)) - len(parts)
    long, good = (
        ".".join([*parts, "b" * each, "name/self"]).encode() for each in (rest, 10)
    )
    return with_key(long, good)


@CASES.warning("KEY015", beside={"KEY011"})
def domain_of_254_characters() -> Broken:
    """The domain part of the collection is one character too long."""
    return long_domain(254)


@CASES.info("KEY011")
def domain_of_253_characters() -> Broken:
    """The domain part of the collection is as long as it may be."""
    return long_domain(253)


@CASES.error("KEY014", "invalid", beside={"BLK004"})
def key_over_4_kibibytes() -> Broken:
    """The last key of a node has over 4,096 bytes, and is not read."""
    return with_key(at_the_bottom(f"{COLLECTION}/{'x' * 4096}", ""))
