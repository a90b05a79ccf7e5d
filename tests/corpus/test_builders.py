"""The builder of broken files is right: proven without the engine.

It is the measure of the engine, so nothing here is. Hashes, known CIDs, the
vectors of other projects, and cbor2 must do.
"""

from __future__ import annotations

from base64 import b32decode, b32encode, b64decode
from typing import TYPE_CHECKING, Any

import cbor2
import pytest

from repoview.corpus import CASES, LIGHT_CASES, SAMPLE, Car, make_car, make_repo, sample
from repoview.corpus.cbor import Link, Raw, cid_of, encode, head, varint
from repoview.corpus.repo import REV, entry_of, tid
from repoview.corpus.tree import (
    Entry,
    Node,
    build_tree,
    key_depth,
    path,
    paths,
    shared_bytes,
)
from tests.vectors import read_json, vector

if TYPE_CHECKING:
    from collections.abc import Iterable

VALUES = [
    *(0, 1, 23, 24, 255, 256, 65_535, 65_536, 2**32 - 1, 2**32, 2**64 - 1),
    *(-1, -24, -25, -256, -257, -(2**32), -(2**64)),
    *(True, False, None, 1.5, "", "text", "grün 🌱", b"", b"\0" * 300),
    *([], [1, [2]], {}, {"a": {"bb": [None]}}, "t" * 70_000),
]


def text_of(cid: bytes) -> str:
    """Write a CID as text: base32 in lower case."""
    return "b" + b32encode(cid).decode().lower().rstrip("=")


# Values


@pytest.mark.parametrize("value", VALUES, ids=lambda value: repr(value)[:30])
def test_values_are_encoded_as_others_do(value: Any) -> None:
    """Another encoder gives the same bytes, and reads them back."""
    assert encode(value) == cbor2.dumps(value, canonical=not isinstance(value, float))
    assert cbor2.loads(encode(value)) == value


def test_keys_are_sorted_by_length_and_then_by_bytes() -> None:
    """DAG-CBOR, Strictness."""
    assert encode({"aa": 1, "b": 2, "ab": 3}).hex() == "a36162026261610162616203"


def test_links_have_tag_and_zero() -> None:
    """Tag 42, 37 bytes, zero, CID."""
    cid = cid_of(b"")
    assert encode(Link(cid)).hex() == "d82a582500" + cid.hex()
    assert cid.hex()[:8] == "01711220"


def test_raw_bytes_are_left_alone() -> None:
    """That is how what is broken gets in."""
    assert encode([Raw.hex("1801")]).hex() == "811801"


@pytest.mark.parametrize(
    ("number", "padding", "data"),
    [
        (0, 0, "00"),
        (127, 0, "7f"),
        (128, 0, "8001"),
        (128, 1, "808100"),
        (1, 2, "818000"),
        (2**63 - 1, 0, "ff" * 8 + "7f"),
    ],
)
def test_varints(number: int, padding: int, data: str) -> None:
    """Seven bits a byte, the lowest first; padding ends in a zero."""
    assert varint(number, padding=padding).hex() == data


def test_heads_too_long_are_refused() -> None:
    """An argument has eight bytes at most."""
    with pytest.raises(OverflowError):
        head(0, 2**64)
    with pytest.raises(TypeError):
        encode(object())


@pytest.mark.parametrize(
    "case", read_json("interop/data-model/data-model-fixtures.json")
)
def test_interop_values_have_the_cids_they_should(case: dict[str, Any]) -> None:
    """The data model's own fixtures: JSON, bytes and CID."""
    data = encode(from_json(case["json"]))
    assert data == unbase64(case["cbor_base64"])
    assert text_of(cid_of(data)) == case["cid"]


def from_json(value: Any) -> Any:
    """Turn links and bytes of the fixtures into what they stand for."""
    if isinstance(value, list):
        return [from_json(each) for each in value]
    if not isinstance(value, dict):
        return value
    if "$link" in value:
        return Link(cid_from(value["$link"]))
    if "$bytes" in value:
        return unbase64(value["$bytes"])
    return {name: from_json(each) for name, each in value.items()}


def cid_from(text: str) -> bytes:
    """Read a CID from base32 text."""
    body = text[1:].upper()
    return b32decode(body + "=" * (-len(body) % 8))


def unbase64(text: str) -> bytes:
    """Read base64 without its padding."""
    return b64decode(text + "=" * (-len(text) % 4))


# Trees


@pytest.mark.parametrize("case", read_json("interop/mst/key_heights.json"))
def test_interop_keys_have_their_depths(case: dict[str, Any]) -> None:
    """The file calls depth height."""
    assert key_depth(case["key"].encode()) == case["height"]


@pytest.mark.parametrize("case", read_json("interop/mst/common_prefix.json"))
def test_interop_keys_share_their_bytes(case: dict[str, Any]) -> None:
    """Bytes are counted, not characters."""
    shared = shared_bytes(case["left"].encode(), case["right"].encode())
    assert shared == case["len"]


def test_the_empty_tree_is_well_known() -> None:
    """One node, without entries and links."""
    assert build_tree([]).data.hex() == "a2616580616cf6"
    cid = text_of(build_tree([]).cid)
    assert cid == "bafyreie5737gdxlw5i64vzichcalba3z2v5n6icifvx5xytvske7mr3hpm"


@pytest.mark.parametrize(
    "case",
    read_json("interop/firehose/commit-proof-fixtures.json"),
    ids=lambda case: case["comment"],
)
def test_interop_trees_before_and_after_a_commit(case: dict[str, Any]) -> None:
    """Six trees whose top nodes are known, before and after."""
    leaf = Link(cid_from(case["leafValue"]))
    before = set(case["keys"])
    after = before - set(case["dels"]) | set(case["adds"])
    for keys, top in ((before, "rootBeforeCommit"), (after, "rootAfterCommit")):
        entries = (Entry(key.encode(), None, link=leaf) for key in sorted(keys))
        assert text_of(build_tree(list(entries)).cid) == case[top]


def test_trees_of_the_mst_suite_come_out_the_same() -> None:
    """All 128: the same keys and links give the same top node."""
    folder = vector("mst-suite/cars")
    count = 0
    for file in sorted(folder.glob("*.car")):
        root, blocks = read_car(file.read_bytes())
        entries = list(entries_below(root, blocks))
        assert build_tree(entries).cid == root, file.name
        count += 1
    assert count == 128


def read_car(data: bytes) -> tuple[bytes, dict[bytes, bytes]]:
    """Read the root and the blocks of a small CAR that is right."""
    length, position = _varint(data, 0)
    header = cbor2.loads(data[position : position + length])
    position += length
    blocks = {}
    while position < len(data):
        length, position = _varint(data, position)
        section = data[position : position + length]
        blocks[section[:36]] = section[36:]
        position += length
    return header["roots"][0].value[1:], blocks


def _varint(data: bytes, position: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[position]
        position += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, position


def entries_below(cid: bytes, blocks: dict[bytes, bytes]) -> Iterable[Entry]:
    """Yield the entries of a tree in key order."""
    node = cbor2.loads(blocks[cid])
    if node["l"] is not None:
        yield from entries_below(node["l"].value[1:], blocks)
    key = b""
    for entry in node["e"]:
        key = key[: entry["p"]] + entry["k"]
        yield Entry(key, None, link=Link(entry["v"].value[1:]))
        if entry["t"] is not None:
            yield from entries_below(entry["t"].value[1:], blocks)


def test_the_sample_has_every_kind_of_node() -> None:
    """As it is drawn."""
    repo = sample()
    assert [key.decode() for key in repo.top.keys()] == SAMPLE  # noqa: SIM118 (a tree)
    nodes = (repo.top, repo.inner, repo.first, repo.second, repo.bridge, repo.last)
    assert [len(node.entries) for node in nodes] == [1, 1, 2, 3, 0, 3]
    depths = [{key_depth(e.key) for e in node.entries} for node in nodes]
    assert depths == [{2}, {1}, {0}, {0}, set(), {0}]
    assert repo.bridge.left is repo.last
    assert repo.last_entry.key == SAMPLE[-1].encode()


def test_paths_have_the_depth_that_was_asked_for() -> None:
    """Keys are tried until one fits."""
    for depth in range(4):
        names = paths(depth, 3)
        assert {key_depth(name.encode()) for name in names} == {depth}
        assert names == sorted(names)
        assert path(depth, 2) == names[2]


def test_links_follow_what_is_changed_below() -> None:
    """A field put into the lowest node changes the commit."""
    repo = sample()
    before = repo.cid
    repo.first.changed["x"] = 1
    assert repo.cid != before
    car = repo.car()
    for cid in car.cids:
        assert cid_of(car.data_of(cid)) == cid


# Files


def test_a_file_is_what_it_was_made_of() -> None:
    """Another reader finds the root and all blocks, each under its hash."""
    repo = sample()
    car = repo.car()
    root, blocks = read_car(car.data)
    assert root == repo.cid
    assert list(blocks) == car.cids
    assert len(blocks) == 1 + 6 + 10
    for cid, data in blocks.items():
        assert cid_of(data) == cid
    commit = cbor2.loads(blocks[root])
    assert list(commit) == ["did", "rev", "sig", "data", "prev", "version"]
    assert commit["data"].value[1:] == repo.top.cid


def test_offsets_are_those_of_the_bytes() -> None:
    """At each offset stands the length of a section, and then its CID."""
    car = sample().car()
    for offset, cid in zip(car.offsets, car.cids, strict=True):
        _, body = _varint(car.data, offset)
        assert car.data[body : body + 36] == cid
        assert car.offset_of(cid) == offset
    assert car.last_section == car.offsets[-1]


def test_files_are_changed_as_they_say() -> None:
    """Each method does one thing, and leaves the file it is called on alone."""
    car = make_car({"com.example.note/1": {}})
    data = car.data
    assert car.cut(-3).data == data[:-3]
    assert car.plus(b"xyz").data == data + b"xyz"
    assert car.without(car.cids[-1]).data == data[: car.last_section]
    again = car.plus_block(b"block")
    assert again.cids[-1] == cid_of(b"block")
    assert again.data_of(cid_of(b"block")) == b"block"
    padded = car.with_padding(car.cids[-1], 2).data
    assert padded[: car.last_section] == data[: car.last_section]
    assert len(padded) == len(data) + 2
    assert car.data == data


def test_copies_have_places_of_their_own() -> None:
    """The second copy of a block is found by its number."""
    car = make_car({}).plus_block(b"block").plus_block(b"block")
    first, second = (car.offset_of(cid_of(b"block"), copy) for copy in (0, 1))
    assert first < second == car.last_section


def test_records_may_be_given_as_fields_or_bytes() -> None:
    """No fields give the right `$type`, and bytes are taken as they are."""
    assert cbor2.loads(entry_of("a.b.c/d").record or b"")["$type"] == "a.b.c"
    assert entry_of("a.b.c/d", b"\xff").record == b"\xff"
    assert isinstance(make_repo({"a.b.c/d": {"n": 1}}).top, Node)


def test_revisions_are_plausible() -> None:
    """13 digits that sort by time."""
    assert len(REV) == 13
    assert tid(1_700_000_000_000_001) > REV
    assert tid(0) == "2" * 13


def test_cases_are_the_same_each_time() -> None:
    """A failure can be looked at again."""
    for case in CASES:
        if case.code not in {"CAR024", "MST020", "LIM001"}:
            assert case.build().data == case.build().data


def test_a_case_says_what_it_is() -> None:
    """Facts are sentences, and places are inside the file, or at its end."""
    for case in CASES:
        assert case.fact.endswith((".", '".'))
        broken = case.build()
        if broken.offset is not None:
            assert broken.offset <= len(broken.data)
        assert isinstance(broken.car, Car | bytes)


def test_heavy_cases_are_the_large_files() -> None:
    """No other is left out of the sweeps."""
    light = [case for case in CASES if len(case.build().data) < 100_000]
    assert list(LIGHT_CASES) == light
