"""Facts about `repoview info`."""

from __future__ import annotations

import gzip
import re
from typing import TYPE_CHECKING

import pytest

from repoview.cli.commands.info import COLLECTIONS_SHOWN, bar
from repoview.core.cid import Cid
from repoview.core.formats.car import encode_section
from repoview.core.repo.repo import Repo
from tests.cli.conftest import RECORDS, saved
from tests.core.repos import make_repo, many, parts_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Program


def test_the_page_tells_whose_it_is_and_what_it_holds(
    run: Program, sample: Path
) -> None:
    """Verdict, commit, counts, collections, depths, fan-out."""
    outcome = run("info", sample)

    assert outcome.code == 0
    with Repo.load(sample) as repo:
        assert repo.commit is not None
        for text in (repo.commit.did, str(repo.commit.cid), repo.commit.rev):
            assert str(text) in outcome.out
        for collection in repo.collections:
            assert collection.name in outcome.out
    for heading in ("SOUND: ", "Collections", "Depth", "Entries"):
        assert f"\n{heading}" in f"\n{outcome.out}"
    # The path of the file is as long as it is.
    lines = [line for line in outcome.out.splitlines() if str(sample) not in line]
    assert max(map(len, lines)) <= 80


def test_json_adds_up(run: Program, sample: Path) -> None:
    """Every record is in one collection and in a node of one depth."""
    info = run("info", sample, "--json").json

    assert info["counts"]["records"] == RECORDS
    assert sum(each["count"] for each in info["collections"]) == RECORDS
    assert sum(each["records"] for each in info["depths"]) == RECORDS
    assert sum(each["nodes"] for each in info["depths"]) == info["counts"]["nodes"]
    entries = (each["entries"] * each["nodes"] for each in info["fanout"])
    assert sum(entries) == RECORDS
    sizes = info["sizes"]
    assert 0 < sizes["largest_record"] < sizes["records"] < info["counts"]["bytes"]
    assert info["verdict"] == "sound"
    assert info["packed"] is None
    assert "findings" not in info


def test_depths_count_down_to_the_bottom(run: Program, sample: Path) -> None:
    """The top comes first, depth 0 last."""
    depths = [each["depth"] for each in run("info", sample, "--json").json["depths"]]
    assert depths == list(range(len(depths) - 1, -1, -1))


def test_holes_are_counted(run: Program, tmp_path: Path) -> None:
    """A link to a node that is not there."""
    path = saved(tmp_path / "x.car", make_repo(many(200), leave_out=220))

    outcome = run("info", path)

    assert outcome.code == 10
    assert "to sub-trees that are not there" in outcome.out
    assert run("info", path, "--json").json["holes"] > 0


def test_many_collections_are_cut(run: Program, tmp_path: Path) -> None:
    """A note says how many more there are, and the JSON has all."""
    path = saved(tmp_path / "x.car", make_repo(many(50, 40)))

    assert f"+{40 - COLLECTIONS_SHOWN} more" in run("info", path).out
    assert len(run("info", path, "--json").json["collections"]) == 40


def test_packing_is_told(run: Program, tmp_path: Path, sample_bytes: bytes) -> None:
    """Sizes are those of the CAR inside."""
    path = saved(tmp_path / "x.car.gz", gzip.compress(sample_bytes))

    info = run("info", path, "--json").json
    assert info["packed"] == "gzip"
    assert info["counts"]["bytes"] == len(sample_bytes)
    assert "unpacked from gzip" in run("info", path).out


@pytest.mark.parametrize("code", [10, 11, 12])
def test_it_ends_as_the_tree_does(
    run: Program, broken: dict[int, Path], code: int
) -> None:
    """What there is is printed, and stderr says why in one sentence."""
    outcome = run("info", broken[code])

    assert outcome.code == code
    # Of a file that is no CAR there is nothing to tell but that.
    assert bool(outcome.out) is (code != 12)
    assert outcome.err.startswith(f"repoview: {broken[code]} is ")
    assert outcome.err.count("\n") == 1


@pytest.mark.parametrize("code", [13, 14])
def test_a_sound_tree_is_enough(
    run: Program, broken: dict[int, Path], code: int
) -> None:
    """Bad records and a bad container do not make the answer doubtful."""
    outcome = run("info", broken[code])
    assert (outcome.code, outcome.err) == (0, "")


def test_an_empty_repository_has_a_page(run: Program, tmp_path: Path) -> None:
    """No collections, one empty node."""
    path = saved(tmp_path / "x.car", make_repo({}))

    outcome = run("info", path)

    assert outcome.code == 0
    assert "0 records" in outcome.out


@pytest.mark.parametrize(
    ("amount", "drawn"),
    [(0, ""), (1, "▏"), (500, "█" * 5), (1000, "█" * 10), (550, "█" * 5 + "▌")],
)
def test_bars(amount: int, drawn: str) -> None:
    """In eighths of a column; what is not zero shows."""
    assert bar(amount, 1000, 10) == drawn
    assert bar(amount, 0, 10) == ""
    assert bar(amount, 1000, 0) == ""


def test_waste_is_told(run: Program, sample_bytes: bytes, tmp_path: Path) -> None:
    """How many blocks nothing links to, and what part of the file is of no use."""
    head, parts = parts_of(sample_bytes)
    copies = b"".join(sample_bytes[part.offset : part.end] for part in parts)
    old = bytes(2) + b"\xa0" * 40_000
    block = encode_section(Cid.for_block(old), old)
    path = saved(tmp_path / "x.car", head + copies + copies + block)

    page = " ".join(run("info", path).out.split())
    counts = run("info", path, "--json").json["counts"]

    assert "1 unlinked block (40.0 kB) and" in page
    assert f"{len(parts)} duplicate blocks (" in page
    assert re.search(r"blocks; \d\d % wasted ", page)
    assert counts["unlinked_bytes"] == len(old)
    assert counts["duplicate_bytes"] == sum(part.data_length for part in parts)
