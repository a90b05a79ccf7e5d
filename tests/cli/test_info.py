"""Facts about `repoview info`."""

from __future__ import annotations

import gzip
import re
from typing import TYPE_CHECKING

import pytest

from repoview.cli.pages.collection_table import COLLECTIONS_SHOWN
from repoview.cli.pages.inventory_page import bar
from repoview.core.cid import Cid
from repoview.core.formats.car import encode_section
from repoview.core.formats.dagcbor import strict as dagcbor
from repoview.core.inventory import inventory
from repoview.core.opening import cache_policy
from repoview.core.repo.repo import Repo
from repoview.corpus import make_car
from repoview.corpus.repo import sample as tree
from tests.cli.conftest import RECORDS, saved
from tests.core.repos import car_of, make_repo, many, parts_of

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
    assert "compressed with gzip" in run("info", path).out


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
    assert "records    none" in outcome.out.splitlines()


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


def test_the_bytes_of_the_file_add_up(run: Program, sample: Path) -> None:
    """And those of collections to the records among them."""
    info = run("info", sample, "--json").json
    parts = dict(info["inventory"]["bytes"])
    assert parts.pop("total") == info["counts"]["bytes"] == sum(parts.values())
    of_collections = sum(each["file_bytes"] for each in info["collections"])
    assert of_collections == parts["records"]
    page = run("info", sample).out
    assert "\nBytes " in page
    assert "\nCIDs and lengths " in page
    # What is not there has no line.
    assert "\nno block" not in page


def test_what_is_unlinked_is_told_by_kind(run: Program, tmp_path: Path) -> None:
    """Beside how much there is of it."""
    old = tree()
    note = dagcbor.encode({"$type": "com.example.note"})
    car = make_car({"com.example.note/1": {}}).plus_block(old.data)
    path = saved(tmp_path / "x.car", car.plus_block(note).plus_block(b"\xa0").data)

    page = " ".join(run("info", path).out.split())
    told = run("info", path, "--json").json["inventory"]["unlinked"]

    commit, record = f"1 commit ({len(old.data)} B)", f"1 record ({len(note)} B)"
    assert f"unlinked {commit}, {record}, 1 other (1 B)" in page
    assert {kind: each["blocks"] for kind, each in told.items()} == {
        "commit": 1,
        "node": 0,
        "record": 1,
        "other": 1,
        "damaged": 0,
    }


def test_where_the_order_of_the_walk_ends_is_told(
    run: Program, sample_bytes: bytes, tmp_path: Path
) -> None:
    """By its byte; and what a streaming reader has to buffer."""
    head, parts = parts_of(sample_bytes)
    last_first = [parts[0], parts[-1], *parts[1:-1]]
    path = saved(tmp_path / "x.car", car_of(sample_bytes, head, last_first))

    page = " ".join(run("info", path).out.split())
    order = run("info", path, "--json").json["inventory"]["walk_order"]

    assert order["first"]["offset"] == parts[1].offset
    assert order["first"]["got"] == str(parts[-1].cid)
    assert order["first"]["wanted"] == str(parts[1].cid)
    assert order["held_blocks"] == 1
    assert f"from byte {parts[1].offset}: record bafyrei" in page
    assert f"buffer up to 1 block, {parts[-1].data_length} B" in page


def test_shared_records_are_counted(run: Program, tmp_path: Path) -> None:
    """And the list of them is named."""
    record = {"$type": "com.example.a"}
    data = make_repo({"com.example.a/1": record, "com.example.b/1": record})
    path = saved(tmp_path / "x.car", data)
    assert "1 record has more than one key (ls --shared)" in run("info", path).out


def test_verify_tells_the_same_with_v(run: Program, sample: Path) -> None:
    """It takes time, so it has to be asked for."""
    expected = run("info", sample, "--json").json["inventory"]
    assert run("verify", sample, "--json").json["inventory"] is None
    assert run("verify", sample, "--json", "-v").json["inventory"] == expected
    assert "CIDs and lengths" in run("verify", sample, "-v").out
    assert "CIDs and lengths" not in run("verify", sample).out


def test_the_cache_keeps_what_was_counted(
    run: Program, sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next page is there without counting again."""
    monkeypatch.setattr(cache_policy, "LEAST_BYTES", 0)
    page = run("info", sample).out
    monkeypatch.setattr(inventory, "file_sizes", None)
    assert run("info", sample).out == page


@pytest.mark.parametrize("code", [10, 11, 12, 13, 14])
def test_the_json_of_a_broken_file_has_it_too(
    run: Program, broken: dict[int, Path], code: int
) -> None:
    """As far as there is anything to count."""
    told = run("info", broken[code], "--json").json["inventory"]
    parts = told["bytes"]
    assert parts.pop("total") == broken[code].stat().st_size == sum(parts.values())
