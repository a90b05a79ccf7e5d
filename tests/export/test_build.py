"""Facts about repositories that are built of records."""

from __future__ import annotations

import bz2
import gzip
import lzma
import os
import tempfile
import tracemalloc
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from repoview import export
from repoview.core.errors import LimitExceeded, SourceError
from repoview.core.opening.room import Room
from repoview.core.repo.repo import Repo
from repoview.export.building.entries import entries
from repoview.export.building.entry import NotARecord
from repoview.export.building.repository import BuiltRepository
from tests import strategies
from tests.core.repos import DID, REV, make_repo, many

if TYPE_CHECKING:
    from collections.abc import Iterator

FORMS = ("x.jsonl", "x.json", "x.jsonl.gz", "x.json.zst", "x/", "x.zip")


def built(source: Path | str, room: Room | None = None, **more: Any) -> bytes:
    """Return the CAR that is built of a source."""
    given_room = room or Room(1 << 28)
    out = bytearray()
    with BuiltRepository(
        entries(str(source)), DID, REV, given_room, lambda _: None, **more
    ) as repository:
        repository.write(out.extend)
    return bytes(out)


def facts(car: bytes) -> tuple[Any, list[tuple[str, str, bytes]], list[Any]]:
    """Return `data`, the records and the nodes of a repository."""
    with Repo.load(car) as repo:
        assert repo.commit is not None
        records = [(r.path, str(r.cid), r.data) for r in repo.records()]
        nodes = [repo.tree.node(n).cid for n in range(len(repo.tree))]
        return repo.commit.data, records, nodes


def values() -> st.SearchStrategy[dict[str, Any]]:
    """Records of any shape."""
    return st.dictionaries(strategies.names(), strategies.values(), max_size=4).map(
        lambda fields: {"$type": "a.b.c", **fields}
    )


@strategies.examples(40, deadline=None)
@given(
    st.dictionaries(strategies.paths(), values(), max_size=30), st.sampled_from(FORMS)
)
def test_what_was_exported_is_built_again(records: dict[str, Any], form: str) -> None:
    """The same records, tree and `data`, byte for byte."""
    car = make_repo(records)
    with tempfile.TemporaryDirectory() as folder, Repo.load(car) as repo:
        export.write(repo, f"{folder}/{form}")
        again = built(f"{folder}/{form}")
    assert facts(again) == facts(car)


@pytest.mark.parametrize("form", FORMS)
def test_the_file_is_in_walk_order_each_block_once(tmp_path: Path, form: str) -> None:
    """Although many keys have one record; nobody has signed it."""
    records = many(500) | {f"a.b.c/{n}": {"$type": "a.b.c"} for n in range(50)}
    with Repo.load(make_repo(records)) as repo:
        export.write(repo, f"{tmp_path}/{form}")
    with Repo.load(built(f"{tmp_path}/{form}")) as repo:
        report = repo.report
        assert (report.order, report.complete, len(repo)) == ("preorder", True, 550)
        assert report.counts.duplicate_blocks == report.counts.unlinked_blocks == 0
        errors = [f.code for f in report.findings if f.severity == "error"]
        assert errors == ["COM003"]
        assert repo.commit is not None
        assert (repo.commit.did, repo.commit.rev) == (DID, REV)


def test_little_memory_makes_the_same_file(tmp_path: Path) -> None:
    """On disk; where none may be used, it is an error."""
    source = tmp_path / "x.jsonl"
    with Repo.load(make_repo(many(3_000))) as repo:
        export.write(repo, source)
    small = Room(1 << 16, lambda: str(tmp_path))
    assert built(source, small) == built(source)
    with pytest.raises(LimitExceeded):
        built(source, Room(1 << 16))
    with pytest.raises(LimitExceeded):
        built(source, Room(1 << 16, lambda: str(tmp_path), 1 << 16))


def test_what_is_no_json_is_told_from_what_is_no_text(tmp_path: Path) -> None:
    """By its line in the file, not in itself; a file that is missing, by its name."""
    source = tmp_path / "x.jsonl"
    source.write_text(f"{LINE}\n  [1, }}\n")
    with pytest.raises(NotARecord, match=r"line 2 of .* at character 5$"):
        built(source)
    source.write_bytes(make_repo(many(3)))
    with pytest.raises(NotARecord, match="binary data: name JSON lines"):
        built(source)
    with pytest.raises(SourceError, match=r"there is no file .*: check the name"):
        built(tmp_path / "missing.jsonl")


LINE = '{"path":"a.b.c/x","value":{"$type":"a.b.c"}}'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "line 1 of .* is not JSON"),
        ("[" * 100_000, "line 1 of .* is not JSON"),
        ('{"path": "a.b.c/d", "value": {"x": 1, "x": 2}}', 'the field "x" twice'),
        ("[1]", 'line 1 of .* is no object with "path" and "value"'),
        ('{"value":{}}', 'has no "path" that is text'),
        ('{"path":"\\ud800/x","value":{}}', 'has no "path" that is text'),
        ('{"path":"a.b.c/..","value":{}}', "no record can have the path a.b.c/.."),
        ('{"path":"x","value":{}}', "no record can have the path x"),
        ('{"path":"a.b.c/x","value":[]}', "a record is an object"),
        ('{"path":"a.b.c/x","value":{"a":1.5}}', "a: the number 1.5 is no integer"),
        ('{"path":"a.b.c/x","value":{"a":{"$link":"x"}}}', "a: .link holds no CID"),
        ('{"path":"a.b.c/x","value":{"a":18446744073709551616}}', "not fit 64 bits"),
        ('{"path":"a.b.c/x","value":{"a":"\\ud800"}}', "line 1 of "),
        (f"{LINE}\n{LINE}", "there are two records a.b.c/x"),
        ('{"path":"a.b.c/x","cid":"bafy","value":{}}', "not that of the CID beside"),
        ('{"path":"a.b.c/x","uri":"at://did:web:x/a","value":{}}', "of did:web:x, and"),
        (
            '{"path":"a.b.c/x","uri":"at://x.org/a","value":{}}',
            "x.org, which is no DID",
        ),
    ],
)
def test_what_is_no_record_is_named(tmp_path: Path, text: str, said: str) -> None:
    """By its line, and why."""
    source = tmp_path / "x.jsonl"
    source.write_text(text)
    with pytest.raises(NotARecord, match=said):
        built(source)


def test_edited_values_are_taken_if_asked(tmp_path: Path) -> None:
    """And have other CIDs."""
    source = tmp_path / "x.jsonl"
    source.write_text('{"path":"a.b.c/x","cid":"bafy","value":{"n":1}}')
    with Repo.load(built(source, is_edited=True)) as repo:
        assert repo.record(0).value == {"n": 1}


def test_a_folder_holds_records_alone(tmp_path: Path) -> None:
    """A hidden file is passed over; a link is not followed."""
    folder = tmp_path / "x" / "a.b.c"
    folder.mkdir(parents=True)
    (folder / "y.json").write_text('{"$type":"a.b.c"}')
    (folder / ".DS_Store").touch()
    with Repo.load(built(tmp_path / "x")) as repo:
        assert [record.path for record in repo.records()] == ["a.b.c/y"]
    (folder / "z.json").symlink_to(folder / "y.json")
    with pytest.raises(NotARecord, match="neither a file nor a folder"):
        built(tmp_path / "x")
    (folder / "z.json").unlink()
    os.mkfifo(folder / "z.json")
    with pytest.raises(NotARecord, match="neither a file nor a folder"):
        built(tmp_path / "x")
    (folder / "z.json").unlink()
    (folder / "z.txt").touch()
    with pytest.raises(NotARecord, match=r"does not end with \.json"):
        built(tmp_path / "x")


@pytest.mark.parametrize(
    "data",
    [gzip.compress(b"x" * 99, mtime=0)[:-9], b"\x28\xb5\x2f\xfdx"],
    ids=["gzip", "zstd"],
)
def test_a_broken_compressed_file_is_an_error(tmp_path: Path, data: bytes) -> None:
    """Of the source."""
    (tmp_path / "x.jsonl.gz").write_bytes(data)
    with pytest.raises(SourceError, match="cannot read"):
        built(tmp_path / "x.jsonl.gz")


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_compressed_lines_are_read(tmp_path: Path, pack: Any) -> None:
    """However they are: `zstd` is among the forms above."""
    (tmp_path / "x").write_bytes(pack(LINE.encode()))
    with Repo.load(built(tmp_path / "x")) as repo:
        assert [record.path for record in repo.records()] == ["a.b.c/x"]


@contextmanager
def pipe(data: bytes, flags: int = 0) -> Iterator[str]:
    """Yield the path of a pipe that gives some bytes, as ``<(...)`` of a shell is."""
    reader, writer = os.pipe2(flags) if flags else os.pipe()
    try:
        # With O_DIRECT, each write is read by itself.
        for piece in (data[:1], data[1:]):
            os.write(writer, piece)
        os.close(writer)
        yield f"/dev/fd/{reader}"
    finally:
        os.close(reader)


@pytest.mark.skipif(not Path("/dev/fd").is_dir(), reason="no pipe has a path here")
@pytest.mark.parametrize("flags", [0, getattr(os, "O_DIRECT", 0)])
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_lines_of_a_pipe_with_a_path_are_read(pack: Any, flags: int) -> None:
    """From the first byte, also where that comes alone."""
    with pipe(pack(LINE.encode()), flags) as path, Repo.load(built(path)) as repo:
        assert [record.path for record in repo.records()] == ["a.b.c/x"]


@pytest.mark.skipif(not Path("/dev/fd").is_dir(), reason="no pipe has a path here")
def test_a_zip_file_of_a_pipe_is_refused(tmp_path: Path) -> None:
    """With what to do: its directory is at its end."""
    with Repo.load(make_repo(many(3))) as repo:
        export.write(repo, tmp_path / "x.zip")
    with (
        pipe((tmp_path / "x.zip").read_bytes()) as path,
        pytest.raises(NotARecord, match="directory is at its end: save it"),
    ):
        built(path)


def test_little_memory_is_taken_by_what_unpacks_to_much(tmp_path: Path) -> None:
    """Of a line that never ends, no more than one may have."""
    packer = zstandard.ZstdCompressor().compressobj()
    spaces = bytes(1 << 20).replace(b"\0", b" ")
    packed = b"".join(packer.compress(spaces) for _ in range(512))
    (tmp_path / "x").write_bytes(packed + packer.flush())
    tracemalloc.start()
    try:
        with pytest.raises(NotARecord, match=r"line 1 of .* has over 67,108,864 bytes"):
            next(entries(str(tmp_path / "x")))
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 256 << 20


def test_a_file_that_is_removed_meanwhile_is_an_error(tmp_path: Path) -> None:
    """Of the source, and no fault."""
    folder = tmp_path / "x" / "a.b.c"
    folder.mkdir(parents=True)
    for name in "yz":
        (folder / f"{name}.json").write_text('{"$type":"a.b.c"}')
    found = entries(str(tmp_path / "x"))
    assert next(found).key == b"a.b.c/y"
    (folder / "z.json").unlink()
    with pytest.raises(SourceError, match=r"cannot read .*z\.json"):
        next(found)
