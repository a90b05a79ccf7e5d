"""Facts about which files are read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from repoview.fleet.sources import File, NotListed, files_of
from tests.fleet.datasets import make_files


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some CARs, one below, one compressed by name, and what is none."""
    root = tmp_path_factory.mktemp("sources")
    make_files(root, 3)
    make_files(root / "below", 2)
    (root / "packed.CAR.gz").write_bytes(b"x")
    (root / "notes.md").write_text("no CAR")
    (root / ".hidden.car").write_bytes(b"x")
    return root


def names(*sources: str | Path) -> list[str]:
    """Return the names of the files of sources."""
    found = list(files_of(map(str, sources)))
    assert all(isinstance(each, File) for each in found)
    return [Path(each.source).name for each in found]


def test_a_folder_gives_the_cars_in_it_and_below_in_order(folder: Path) -> None:
    """With their sizes and versions."""
    expected = ["0000.car", "0001.car", "0002.car", "0000.car", "0001.car"]
    assert names(folder) == [*expected, "packed.CAR.gz"]
    first = next(iter(files_of([str(folder)])))
    status = (folder / "0000.car").stat()
    assert first == File(
        str(folder / "0000.car"), status.st_size, str(status.st_mtime_ns)
    )


def test_a_pattern_a_list_and_a_file_give_what_they_name(
    folder: Path, tmp_path: Path
) -> None:
    """A list names files, folders and URLs, a line each."""
    assert names(f"{folder}/**/*1.car") == ["0001.car", "0001.car"]
    listing = tmp_path / "all.txt"
    url = (folder / "0002.car").as_uri()
    listing.write_text(f"{folder / '0001.car'}\n\n{folder / 'below'}\n{url}\n")
    expected = ["0001.car", "0000.car", "0001.car", "0002.car"]
    assert names(listing) == expected
    odd = folder / "0000.car"
    assert names(odd) == ["0000.car"]


def test_a_name_that_looks_like_a_pattern_and_is_there_is_a_file(
    tmp_path: Path,
) -> None:
    """As shells leave what matches nothing."""
    path = tmp_path / "a[1].car"
    path.write_bytes(b"x")
    assert names(path) == ["a[1].car"]


def test_urls_of_any_file_system_are_listed_as_folders_are(folder: Path) -> None:
    """With the same files, by size."""
    local = list(files_of([str(folder / "below")]))
    stored = list(files_of([(folder / "below").as_uri()]))
    assert [Path(f.source).name for f in stored] == [Path(f.source).name for f in local]
    assert [f.size for f in stored] == [f.size for f in local]
    assert all(each.source.startswith("file://") and each.stamp for each in stored)


def test_a_source_that_gives_no_file_says_why(tmp_path: Path) -> None:
    """A sentence that names it."""
    sources = [tmp_path, f"{tmp_path}/*.car", "nowhere://bucket/x", tmp_path / "no.txt"]
    found = list(files_of(map(str, sources)))
    assert len(found) == len(sources)
    for each, source in zip(found, sources, strict=True):
        assert isinstance(each, NotListed)
        assert str(source) in each.why


def test_a_file_that_is_not_there_is_left_to_who_opens_it(tmp_path: Path) -> None:
    """It gets a row that says why."""
    path = os.fspath(tmp_path / "none.car")
    assert list(files_of([path])) == [File(path)]
