"""Facts about repositories that are built of a zip file."""

from __future__ import annotations

import io
import json
import stat
import struct
import tempfile
import tracemalloc
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repoview import Repo, RepoviewError, export
from repoview.export.building import entry, zip_entries
from repoview.export.building.entries import entries
from repoview.export.building.entry import NotARecord
from tests import strategies
from tests.core.repos import DID, make_repo, many

RECORD = b'{"$type":"a.b.c"}'


def read(path: Path) -> dict[str, Any]:
    """Return the records of a zip file by path."""
    return {each.key.decode(): each.value for each in entries(str(path))}


def archive(*files: tuple[str | zipfile.ZipInfo, bytes], **how: Any) -> bytes:
    """Return a zip file as Python's own library writes it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", **how) as made:
        for name, data in files:
            made.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize("how", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_what_others_zipped_is_read(tmp_path: Path, how: int) -> None:
    """With folders, dates and a comment; what begins with a dot is passed over."""
    path = tmp_path / "x.zip"
    names = ["a.b.c/", "a.b.c/one.json", "a.b.c/.DS_Store", "__MACOSX/._a.json"]
    with zipfile.ZipFile(path, "w", how) as made:
        for name in names:
            made.writestr(name, b"" if name.endswith("/") else RECORD)
        made.comment = b"PK and more" * 1_000
    assert read(path) == {"a.b.c/one": {"$type": "a.b.c"}}


def test_a_zip_file_in_which_sizes_come_late_is_read(tmp_path: Path) -> None:
    """As those are that were written to a pipe: the directory has the sizes."""

    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

        def tell(self) -> int:
            raise OSError

    out = Pipe()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("a.b.c/x.json", RECORD)
    path = tmp_path / "x.zip"
    path.write_bytes(out.getvalue())
    assert read(path) == {"a.b.c/x": {"$type": "a.b.c"}}


def test_a_long_offset_is_read(tmp_path: Path) -> None:
    """It stands in a ZIP64 field, as in archives of over 4 GiB."""
    (tmp_path / "x.zip").write_bytes(far_away(ONE, 0))
    assert read(tmp_path / "x.zip") == {"a.b.c/x": {"$type": "a.b.c"}}


def test_an_empty_zip_file_has_no_records(tmp_path: Path) -> None:
    """Which is a repository all the same, if the account is named."""
    (tmp_path / "x.zip").write_bytes(archive())
    assert read(tmp_path / "x.zip") == {}
    built = export.build(tmp_path / "x.zip", tmp_path / "x.car", did=DID)
    assert built.records == 0


def test_a_zip_file_of_many_is_read_within_a_bound(tmp_path: Path) -> None:
    """More than two bytes count: then the sizes stand in ZIP64 fields."""
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as made:
        for number in range(70_000):
            made.writestr(f"a.b.c/{number}.json", RECORD)
    tracemalloc.start()
    try:
        assert sum(1 for _ in entries(str(path))) == 70_000
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()


def link(name: str) -> zipfile.ZipInfo:
    """Return a symbolic link."""
    info = zipfile.ZipInfo(name)
    info.create_system, info.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    return info


def encrypted(data: bytes) -> bytes:
    """Return an archive whose directory says that its files are encrypted."""
    place = data.index(b"PK\1\2") + 8
    return data[:place] + b"\1" + data[place + 1 :]


def far_away(data: bytes, offset: int) -> bytes:
    """Return an archive whose directory has its only file at some offset."""
    place = data.index(b"PK\1\2")
    head = bytearray(data[place:-22])
    head[30:32], head[42:46] = b"\x0c\0", b"\xff" * 4
    head += struct.pack("<2HQ", 1, 8, offset)
    end = bytearray(data[-22:])
    end[12:16] = len(head).to_bytes(4, "little")
    return data[:place] + bytes(head + end)


ONE = archive(("a.b.c/x.json", RECORD))
FOUR = archive(*((f"a.b.c/{n}.json", RECORD) for n in range(4)))
TWO = archive(("a.b.c/x.json", RECORD), ("a.b.c/y.json", RECORD))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (ONE[:-30], "ends before its directory"),
        (ONE[: ONE.index(b"PK\1\2")] + ONE[-22:], "directory is not in it|ends early"),
        (ONE.replace(RECORD, RECORD[::-1]), "x.json in .* its checksum is not right"),
        (
            b"PK?4".join(TWO.rsplit(b"PK\3\4", 1)),
            "y.json in .* not where the directory",
        ),
        (
            archive(("a.b.c/x.json", RECORD), compression=12),
            "in a way that is not known",
        ),
        (
            archive((link("a.b.c/x.json"), b"/etc/passwd")),
            "neither a file nor a folder",
        ),
        (archive(("x.txt", RECORD)), "named like no record: its name does not end"),
        (archive(("../a/b/x.json", RECORD)), None),
        (archive(("a.b.c/x.json", b"{")), "x.json in .* is not JSON"),
        (archive(("a.b.c/d/e/x.json", RECORD)), "not in the folder of a collection"),
        (encrypted(ONE), "is encrypted"),
        (far_away(ONE, 1 << 40), "x.json in .* not where the directory"),
        (far_away(ONE, (1 << 64) - 1), "x.json in .* not where the directory"),
    ],
    # By number: the bytes hold the time.
    ids=map(str, range(13)),
)
def test_what_cannot_be_read_is_named(
    tmp_path: Path, data: bytes, said: str | None
) -> None:
    """By its name in the archive, and why."""
    path = tmp_path / "x.zip"
    path.write_bytes(data)
    if said is None:
        assert read(path) == {}
        return
    with pytest.raises(NotARecord, match=said):
        read(path)


def test_what_unpacks_to_too_much_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before it is unpacked, or when it turns out to be more than was said."""
    path, most = tmp_path / "x.zip", 1_000
    for module in (entry, zip_entries):
        monkeypatch.setattr(module, "MOST_BYTES", most)
    big = json.dumps({"text": "x" * 100_000}).encode()
    bomb = archive(("a.b.c/x.json", big), compression=zipfile.ZIP_DEFLATED)
    path.write_bytes(bomb)
    with pytest.raises(NotARecord, match="has over 1,000 bytes"):
        read(path)
    path.write_bytes(bomb.replace(len(big).to_bytes(4, "little"), b"\x80\0\0\0"))
    with pytest.raises(NotARecord, match="its checksum is not right"):
        read(path)


@strategies.examples(150, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, len(FOUR) - 1), st.integers(0, 255)), max_size=5),
    st.integers(0, 6),
)
def test_a_damaged_archive_raises_what_it_says(
    changes: list[tuple[int, int]], cut: int
) -> None:
    """Whatever bytes are other ones, and nothing else."""
    data = bytearray(FOUR)
    for place, byte in changes:
        data[place] = byte
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.zip"
        path.write_bytes(data[: len(data) - cut])
        with suppress(RepoviewError):
            assert len([*entries(str(path))]) <= 5


def test_records_round_trip_with_the_library(tmp_path: Path) -> None:
    """The zip file that was exported gives the same tree."""
    with Repo.load(make_repo(many(50))) as repo:
        export.write(repo, tmp_path / "x.zip")
        built = export.build(tmp_path / "x.zip", tmp_path / "x.car", did=DID)
        assert repo.commit is not None
        assert built.data == repo.commit.data
