"""What is legal, though a reader may think otherwise: files without any fault.

Each stands at a bound of a rule, on its right side, or where readers were seen
to refuse what no rule forbids.
"""

from __future__ import annotations

from typing import Any

from repoview.corpus.case import Broken, Cases
from repoview.corpus.cbor import RAW, Link, Raw, cid_of, encode
from repoview.corpus.repo import Repo, entry_of, make_car, make_repo, sample
from repoview.corpus.tree import COLLECTION, build_tree, path, paths

CASES = Cases()

LONG = {"KEY011"}
"""What is said of a key that is legal, and long for some readers."""


def keys(*names: str) -> Broken:
    """Have these keys, and no others."""
    return Broken(make_car({name: {} for name in names}), None)


def fields(**fields: Any) -> Broken:
    """Have one record with these fields besides its type."""
    return Broken(make_car({f"{COLLECTION}/self": fields}), None)


# Trees


@CASES.legal()
def empty_repository() -> Broken:
    """There is no record, and the only node is empty."""
    return keys()


@CASES.legal()
def one_record() -> Broken:
    """There is one record."""
    return keys(f"{COLLECTION}/self")


@CASES.legal()
def key_of_depth_4_alone() -> Broken:
    """The only key is of depth 4, and nothing hangs below its node."""
    return keys(path(4))


@CASES.legal()
def empty_nodes_between() -> Broken:
    """Between the keys of depth 3 and 0 stand two nodes without entries."""
    return keys(path(3), path(0))


@CASES.legal()
def node_of_64_entries() -> Broken:
    """A node has 64 keys, which chance gives once in 100 million nodes."""
    return keys(*paths(0, 64))


@CASES.legal()
def keys_that_begin_others() -> Broken:
    """Keys are the first bytes of others; collections too."""
    return keys(
        *(f"{COLLECTION}/{rkey}" for rkey in ("1", "11", "111", "12")),
        *(f"{COLLECTION}{more}/1" for more in ("s", ".more")),
    )


# Record keys


@CASES.legal()
def rkey_with_a_colon() -> Broken:
    """A record key has a colon, which the rules of record keys allow."""
    return keys(f"{COLLECTION}/pre:fix", f"{COLLECTION}/lang:")


@CASES.legal()
def rkey_of_every_character() -> Broken:
    """A record key has every punctuation mark that it may have."""
    return keys(f"{COLLECTION}/Az09.-_:~")


@CASES.legal()
def rkeys_of_one_character() -> Broken:
    """A record key is one character, be it a punctuation mark."""
    return keys(*(f"{COLLECTION}/{rkey}" for rkey in "-:_~0a"))


@CASES.legal()
def rkey_of_three_dots() -> Broken:
    """A record key is three dots; only one and two are forbidden."""
    return keys(f"{COLLECTION}/...")


@CASES.legal()
def rkey_like_a_path() -> Broken:
    """A record key is one that no file of some systems can be called by."""
    return keys(*(f"{COLLECTION}/{rkey}" for rkey in ("NUL", "a:b", "c.", "~")))


@CASES.legal(beside=LONG)
def rkey_of_512_characters() -> Broken:
    """A record key is as long as it may be."""
    return keys(f"{COLLECTION}/{'x' * 512}")


@CASES.legal()
def key_of_256_bytes() -> Broken:
    """A key is as long as the oldest readers take."""
    beginning = f"{COLLECTION}/"
    return keys(f"{beginning}{'x' * (256 - len(beginning))}")


# Collections


@CASES.legal()
def collection_with_capitals_in_its_name() -> Broken:
    """The last part of a collection, its name, keeps its capitals."""
    return keys("com.example.fineNote/self")


@CASES.legal()
def collection_with_a_hyphen() -> Broken:
    """The domain part of a collection has hyphens and digits."""
    return keys("com.ex-ample.4you.note2/self")


@CASES.legal()
def collection_with_parts_of_63_characters() -> Broken:
    """The parts of a collection are as long as they may be."""
    return keys(f"com.{'x' * 63}.{'n' * 63}/self")


@CASES.legal(beside=LONG)
def collection_of_317_characters() -> Broken:
    """A collection is as long as it may be."""
    domain = ".".join(["com", "x" * 63, "x" * 63, "x" * 63, "x" * 57])
    return keys(f"{domain}.{'n' * 63}/self")


# Records


@CASES.legal()
def record_of_nothing_but_its_type() -> Broken:
    """A record has no other field, and its type is known to nobody."""
    return keys("com.example.neverHeardOf/self")


@CASES.legal()
def values_of_every_kind() -> Broken:
    """A record has a value of each kind that there is, and the empty ones."""
    values: list[Any] = [None, True, False, 0, -1, "", b"", [], {}, "text", b"\0\xff"]
    return fields(values=values, link=Link(cid_of(b"")), raw=Link(cid_of(b"", RAW)))


@CASES.legal()
def integers_of_53_bits() -> Broken:
    """Integers are as large and as small as JavaScript keeps exact."""
    return fields(large=2**53 - 1, small=1 - 2**53)


@CASES.legal()
def integers_at_the_bounds_of_heads() -> Broken:
    """Integers are the last of one length and the first of the next."""
    bounds = (0, 23, 24, 255, 256, 65_535, 65_536, 2**32 - 1, 2**32)
    return fields(up=list(bounds), down=[-1 - each for each in bounds])


@CASES.legal()
def lengths_at_the_bounds_of_heads() -> Broken:
    """Texts, arrays and maps are of 23, 24, 255 and 256 items."""
    sizes = (23, 24, 255, 256)
    return fields(
        texts=["x" * size for size in sizes],
        arrays=[[0] * size for size in sizes],
        maps=[{f"{number:03}": 0 for number in range(size)} for size in sizes],
    )


@CASES.legal()
def nested_32_deep() -> Broken:
    """Arrays stand 31 deep in one another, in a map."""
    return fields(value=Raw(b"\x81" * 30 + b"\x80"))


@CASES.legal()
def keys_of_maps_by_their_length() -> Broken:
    """Keys of a map are sorted by their length in bytes first."""
    names = ("b", "aa", "é", "ab", "9", "10", "漢", "zzz", "🌱", "zzzz")
    return fields(words={name: len(name.encode()) for name in names})


@CASES.legal()
def text_in_two_normal_forms() -> Broken:
    """Two keys of a map, and two texts, are the same to the eye only."""
    composed, apart = "caf\u00e9", "cafe\u0301"
    return fields(words={composed: apart, apart: composed})


@CASES.legal()
def text_of_many_scripts() -> Broken:
    """A text has what ordinary texts have: joiners, marks, lines and tabs."""
    family = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
    return fields(text=f"שלום\u200f \u200eنص\tहिन्दी\r\n{family} z\u0335\u0321")


@CASES.legal()
def text_with_an_unassigned_character() -> Broken:
    """A text has noncharacters, which are valid UTF-8."""
    return fields(text="\ufffe\uffff\U0010ffff\ufdd0\ud7ff")


# The commit


@CASES.legal()
def did_web() -> Broken:
    """The account is a did:web."""
    repo = sample()
    repo.commit["did"] = "did:web:example.com"
    return Broken(repo.car(), None)


# Blocks


@CASES.legal(beside={"BLK004"})
def blob_in_the_file() -> Broken:
    """Behind the tree stands a blob, which no CAR of a repository needs."""
    data = b"\x89PNG\r\n\x1a\n"
    return Broken(sample().car().plus_block(data, cid_of(data, RAW)), None)


@CASES.legal(beside={"REC011"})
def record_of_ten_keys() -> Broken:
    """Ten keys of one collection have the same record, which is one block."""
    record = encode({"$type": COLLECTION})
    return Broken(make_car({f"{COLLECTION}/{n}": record for n in range(10)}), None)


@CASES.legal()
def collections_alike() -> Broken:
    """Records of two collections differ in their type alone."""
    entries = [entry_of(f"{name}/1", {"text": ""}) for name in ("a.b.c", "a.b.d")]
    return Broken(Repo(build_tree(entries)).car(), None)


@CASES.legal()
def hundred_records() -> Broken:
    """A tree of four levels, in the order of the walk."""
    return Broken(make_repo({f"{COLLECTION}/{n}": {} for n in range(100)}).car(), None)
