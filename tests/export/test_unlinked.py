"""Facts about writing blocks that nothing links to."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given

from repoview import Cid, Repo, export
from repoview.core.formats.car import sections
from repoview.core.formats.car_header import read_header
from repoview.core.formats.dagcbor import strict as dagcbor
from repoview.core.formats.datamodel import from_json
from repoview.core.inventory.unlinked import unlinked_blocks
from repoview.core.repo.inside import inside
from repoview.corpus import make_car
from repoview.export.unlinked import write_unlinked
from repoview.present import json_text
from tests.fuzz.repositories import repositories
from tests.strategies import examples
from tests.vectors import report

if TYPE_CHECKING:
    from pathlib import Path

    from repoview.export import Written


def exported(repo: Repo, form: str) -> tuple[bytes, Written]:
    """Return what is written, and what is said of it."""
    out = bytearray()
    written = write_unlinked(repo, form, out.extend, lambda _: None)
    return bytes(out), written


def blocks_of(repo: Repo) -> list[tuple[Cid, bytes]]:
    """Return CID and bytes of all unlinked blocks that hash."""
    return [
        (block.cid, data or b"")
        for block, data, _ in unlinked_blocks(inside(repo).blocks)
        if block.kind != "damaged"
    ]


def in_car(data: bytes) -> list[tuple[Cid, bytes]]:
    """Return the blocks of a CAR."""
    header, _ = read_header(data, offset=0, available=len(data))
    assert header is not None
    assert header.roots == ()
    return [
        (each.cid, data[each.data_offset : each.data_offset + each.data_length])
        for each in sections(data[header.end :], offset=header.end)
    ]


def block_in(line: dict[str, Any]) -> tuple[Cid, bytes]:
    """Return the block that an object of JSON tells of."""
    cid = Cid.parse(line["cid"])
    value = from_json(line["data"] if "data" in line else line["value"])
    if "data" in line or cid.codec != 0x71:
        assert isinstance(value, bytes)
        return cid, value
    return cid, dagcbor.encode(value)


@examples(80)
@given(repositories())
def test_every_byte_goes_out(data: bytes) -> None:
    """In a CAR and in JSON, of any repository, right or broken."""
    with Repo.load(data) as repo:
        expected = blocks_of(repo)
        car, written = exported(repo, "car")
        lines, _ = exported(repo, "jsonl")
        array, _ = exported(repo, "json")
        counts = repo.report.counts
    assert written.blocks == len(expected)
    assert written.blocks + written.missing == counts.unlinked_blocks
    assert in_car(car) == expected
    objects = [json.loads(line) for line in lines.splitlines()]
    assert list(map(block_in, objects)) == expected
    assert json.loads(array) == objects


@examples(40)
@given(repositories())
def test_json_says_what_it_would_say_of_each_by_itself(data: bytes) -> None:
    """Whether the kernel wrote the value, many together, or Python decoded it."""
    with Repo.load(data) as repo:
        lines, _ = exported(repo, "jsonl")
        found = unlinked_blocks(inside(repo).blocks)
        expected = [
            json_text({**block.to_json(), **told(block.cid, data or b"")}, None)
            for block, data, _ in found
            if block.kind != "damaged"
        ]
    assert lines.decode().splitlines() == expected


def told(cid: Cid, data: bytes) -> dict[str, Any]:
    """Return the value of a block, and its data where that is not all of it."""
    if cid.codec != 0x71:
        return {"value": data}
    decoded = dagcbor.diagnose(data)
    is_all = decoded.is_whole and not decoded.faults
    return (
        {"value": decoded.value} if is_all else {"value": decoded.value, "data": data}
    )


def test_a_car_of_them_holds_the_same_again() -> None:
    """What is taken out of sixty revisions can be opened by itself."""
    with Repo.load(report("superseded-blocks.car").read_bytes()) as repo:
        expected = blocks_of(repo)
        car, written = exported(repo, "car")
    assert written.blocks == len(expected) == 232
    with Repo.load(car) as repo:
        for cid, data in expected:
            assert repo.block(cid).data == data


def test_what_does_not_hash_is_left_out_and_named() -> None:
    """A CAR with it would be broken."""
    cid = Cid.for_block(b"another")
    car = make_car({"com.example.note/1": {}}).plus_block(b"\xa0", cid.raw)
    with Repo.load(car.data) as repo:
        out, written = exported(repo, "jsonl")
    assert (out, written.blocks, written.missing) == (b"", 0, 1)
    assert written.missing_names == [f"block {cid}"]


def test_nothing_is_a_file_too() -> None:
    """An empty CAR, an empty array, no line."""
    with Repo.load(make_car({"com.example.note/1": {}}).data) as repo:
        assert in_car(exported(repo, "car")[0]) == []
        assert exported(repo, "json")[0] == b"[]\n"
        assert exported(repo, "jsonl")[0] == b""


def test_the_library_writes_them_too(tmp_path: Path) -> None:
    """To a file, or to what is open for writing."""
    with Repo.load(report("superseded-blocks.car").read_bytes()) as repo:
        path, out = tmp_path / "old.car", io.BytesIO()
        written = export.write(repo, path, unlinked=True)
        export.write(repo, out, "car", unlinked=True)
        assert path.read_bytes() == out.getvalue() == exported(repo, "car")[0]
        assert (written.blocks, written.size) == (232, path.stat().st_size)
        with pytest.raises(ValueError, match="no records"):
            export.write(repo, out, "car", unlinked=True, records=["a/b"])
