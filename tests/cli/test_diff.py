"""Facts about `repoview diff`."""

from __future__ import annotations

import gzip
import json
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import repoview
from repoview import Checks, Profile, Repo
from repoview.cli.pages.differences import Comparison, diff_pieces
from tests.cli.conftest import damaged_top, on_terminal, saved
from tests.core.repos import car_of, make_repo, parts_of
from tests.vectors import report, vector

if TYPE_CHECKING:
    from pathlib import Path

    from repoview.core.formats.dagcbor.strict import Value
    from tests.cli.conftest import Program

KIND = "com.example.kind"
OLD: dict[str, Value] = {f"{KIND}/{n:03}": {"$type": KIND, "n": n} for n in range(90)}
NEW: dict[str, Value] = {
    **{path: value for path, value in OLD.items() if path != f"{KIND}/007"},
    f"{KIND}/030": {"$type": KIND, "n": 31, "more": "x"},
    f"{KIND}/500": {"$type": KIND},
}

repos = st.dictionaries(
    st.sampled_from(sorted(OLD)),
    st.integers(0, 2).map(lambda n: {"$type": KIND, "n": n}),
)


@pytest.fixture
def sides(tmp_path: Path) -> tuple[Path, Path]:
    """Two files that differ in a record created, one updated, and one deleted."""
    old = saved(tmp_path / "old.car", make_repo(OLD))
    return old, saved(tmp_path / "new.car", make_repo(NEW))


def cid_at(file: Path, path: str) -> str:
    """Return the CID of a record as `diff` prints it."""
    with repoview.open(file) as repo:
        found = repo.get(path)
        return "-" if found is None else str(found.cid)


def lines_of(text: str) -> list[list[str]]:
    """Return the fields of each line."""
    return [line.split("\t") for line in text.splitlines()]


def test_each_record_that_differs_has_a_line(
    run: Program, sides: tuple[Path, Path]
) -> None:
    """In key order, with both CIDs; how many there are goes to standard error."""
    outcome = run("diff", *sides)
    paths = [f"{KIND}/007", f"{KIND}/030", f"{KIND}/500"]
    cids = {path: [cid_at(side, path) for side in sides] for path in paths}
    told = lines_of(outcome.out)
    assert [line[0] for line in told] == ["delete", "update", "create"]
    assert {line[1]: line[2:] for line in told} == cids
    assert outcome.code == 0
    words = "1 record created, 1 record updated, 1 record deleted"
    assert f" differ: {words}, " in outcome.err
    assert run("diff", *sides, "-q").err == ""


def test_fields_are_told_below_their_record(
    run: Program, sides: tuple[Path, Path]
) -> None:
    """Old and new as JSON; of a record that only one has, every field."""
    told = lines_of(run("diff", *sides, "--fields").out)
    fields = [line[1:] for line in told if not line[0]]
    assert ["more", "-", '"x"'] in fields
    assert ["n", "30", "31"] in fields
    assert ["n", "7", "-"] in fields
    objects = run("diff", *sides, "--fields", "--json").json["records"]
    assert objects[1]["fields"] == [
        {"field": "more", "new": "x"},
        {"field": "n", "old": 30, "new": 31},
    ]


def test_nodes_are_told_if_they_are_asked_for(
    run: Program, sides: tuple[Path, Path]
) -> None:
    """The same as in JSON, which always has them."""
    told = lines_of(run("diff", *sides, "--nodes").out)
    json_told = run("diff", *sides, "--json").json
    for word, name in (
        ("create-node", "nodes_created"),
        ("delete-node", "nodes_deleted"),
    ):
        cids = [line[1] for line in told if line[0] == word]
        assert sorted(cids) == json_told[name]
        assert cids
    assert not any("node" in line[0] for line in lines_of(run("diff", *sides).out))


def test_json_tells_both_sides_and_what_differs(
    run: Program, sides: tuple[Path, Path]
) -> None:
    """Old and new are null where there is no record."""
    told = run("diff", *sides, "--json").json
    assert [each["op"] for each in told["records"]] == ["delete", "update", "create"]
    assert told["records"][0]["new"] is None
    assert told["records"][2]["old"] is None
    assert (told["same"], told["unknown"]) == (False, [])
    assert told["a"]["source"] == str(sides[0])
    assert told["a"]["data"] != told["b"]["data"]


def test_what_is_the_same_is_said_to_be(run: Program, sides: tuple[Path, Path]) -> None:
    """With nothing on standard output, and exit code 0 all the same."""
    outcome = run("diff", sides[0], sides[0])
    assert (outcome.code, outcome.out) == (0, "")
    assert " have the same tree, bafy" in outcome.err
    told = run("diff", sides[0], sides[0], "--json").json
    assert told["same"]
    assert told["records"] == told["nodes_created"] == told["nodes_deleted"] == []


@settings(max_examples=25)
@given(repos, repos)
def test_what_is_told_is_the_difference_of_the_sets_of_records(
    old: dict[str, Any], new: dict[str, Any]
) -> None:
    """Of any two repositories."""
    with Repo.load(make_repo(old)) as a, Repo.load(make_repo(new)) as b:
        told = json.loads("".join(diff_pieces(Comparison(a, b), lambda _: None)))
        before = {each.path: str(each.cid) for each in a}
        after = {each.path: str(each.cid) for each in b}
    expected = [
        (path, before.get(path), after.get(path))
        for path in sorted(before.keys() | after.keys())
        if before.get(path) != after.get(path)
    ]
    found = [(each["path"], each["old"], each["new"]) for each in told["records"]]
    assert found == expected
    assert told["same"] == (not expected)


# Trees of which blocks are missing, or that are broken


def test_a_slice_of_what_is_new_is_enough_to_compare_with(run: Program) -> None:
    """What a server sent since a revision: the rest is the same as before."""
    whole = run("diff", report("snapshot.car"), report("snapshot-new.car"), "--json")
    part = run("diff", report("snapshot.car"), report("since-diff.car"), "--json")
    assert part.code == 0
    assert part.json["records"] == whole.json["records"]
    assert part.json["nodes_created"] == whole.json["nodes_created"]


def test_keys_of_which_nothing_can_be_told_are_named(
    run: Program, tmp_path: Path
) -> None:
    """With the node that is missing, on either side; the exit code is 10."""
    data = make_repo(OLD)
    head, parts = parts_of(data)
    with Repo.load(data) as repo:
        gone = repo.tree.node(1).cid
    old = saved(
        tmp_path / "old.car", car_of(data, head, [p for p in parts if p.cid != gone])
    )
    new = saved(tmp_path / "new.car", make_repo(NEW))
    for sources, side in (((old, new), "old"), ((new, old), "new")):
        outcome = run("diff", *sources)
        unknown = [line for line in lines_of(outcome.out) if line[0] == "unknown"]
        assert [line[3:] for line in unknown] == [[str(gone), side]]
        assert outcome.code == 10
        assert "of 1 range of keys nothing can be told" in outcome.err
        (told,) = run("diff", *sources, "--json").json["unknown"]
        assert (told["cid"], told["side"]) == (str(gone), "ab"[side == "new"])


def test_a_tree_that_is_invalid_or_not_there_ends_with_its_code(
    run: Program, tmp_path: Path, sample: Path, broken: dict[int, Path]
) -> None:
    """On either side; what cannot be compared is named."""
    bad = saved(tmp_path / "bad.car", damaged_top(sample.read_bytes()))
    assert run("diff", sample, bad).code == 11
    assert run("diff", bad, sample).code == 11
    for sources in ((sample, broken[12]), (broken[12], sample)):
        outcome = run("diff", *sources)
        assert (outcome.code, outcome.out) == (12, "")
        assert f"there is no tree to compare: {broken[12]} is unreadable" in outcome.err


def test_a_tree_whose_commit_is_missing_is_compared_all_the_same(
    run: Program, sides: tuple[Path, Path], tmp_path: Path
) -> None:
    """As the one that looks like it; that it is no repository is the exit code."""
    head, parts = parts_of(sides[0].read_bytes())
    lost = saved(tmp_path / "lost.car", car_of(sides[0].read_bytes(), head, parts[1:]))
    outcome = run("diff", lost, sides[1])
    assert outcome.out == run("diff", *sides).out
    assert outcome.code in {11, 12}


def test_a_record_that_is_not_there_has_no_fields(run: Program, tmp_path: Path) -> None:
    """Three dashes, and null."""
    data = make_repo(OLD)
    head, parts = parts_of(data)
    with Repo.load(data) as repo:
        gone = repo.record(7).cid
    old = saved(
        tmp_path / "o.car", car_of(data, head, [p for p in parts if p.cid != gone])
    )
    new = saved(tmp_path / "n.car", make_repo(NEW))
    assert "\t-\t-\t-" in run("diff", old, new, "--fields").out.splitlines()
    told = run("diff", old, new, "--fields", "--json").json
    assert told["records"][0]["fields"] is None


def test_two_accounts_are_said_to_be_two(
    run: Program, sample: Path, tmp_path: Path
) -> None:
    """Their records are compared all the same."""
    other = saved(tmp_path / "other.car", make_repo(OLD))
    assert "they are of two accounts: did:plc:" in run("diff", sample, other).err


def test_standard_input_cannot_be_both(run: Program) -> None:
    """It is one source."""
    outcome = run("diff", "-", "-")
    assert outcome.code == 2
    assert "standard input is one source" in outcome.err


def test_nothing_that_a_record_says_upsets_a_terminal(tmp_path: Path) -> None:
    """Neither in a key nor in a value."""
    new: dict[str, Value] = {f"{KIND}/a\x1b[2J": {"$type": KIND, "t": "\x1b[31m"}}
    a = saved(tmp_path / "a.car", make_repo({}))
    b = saved(tmp_path / "b.car", make_repo(new))
    _, drawn = on_terminal("diff", a, b, "--fields")
    assert "\x1b[2J" not in drawn
    assert '\x1b[31m"' not in drawn


# The suite of other hands


@cache
def suite_cases() -> list[dict[str, Any]]:
    """Return the 4,128 cases of the MST suite."""
    text = gzip.decompress(vector("mst-suite/diff-cases.jsonl.gz").read_bytes())
    return [json.loads(line) for line in text.splitlines()]


def test_cases_of_the_suite_are_told_as_it_says() -> None:
    """Records and nodes, between trees without a commit: of a third of its cases.

    `tests.core.diff` compares the trees of all.
    """
    checks = Checks(Profile.MST_ONLY)
    folder = vector("mst-suite/cars")
    trees = {path.name: Repo.load(path, checks=checks) for path in folder.glob("*.car")}
    for case in suite_cases()[::3]:
        a, b = (case["inputs"][side].rpartition("/")[2] for side in ("mst_a", "mst_b"))
        compared = Comparison(trees[a], trees[b])
        told = json.loads("".join(diff_pieces(compared, lambda _: None)))
        wanted = case["results"]
        assert told["nodes_created"] == sorted(wanted["created_nodes"]), case["name"]
        assert told["nodes_deleted"] == sorted(wanted["deleted_nodes"]), case["name"]
        records = [(each["path"], each["old"], each["new"]) for each in told["records"]]
        assert records == [
            (each["rpath"], each["old_value"], each["new_value"])
            for each in sorted(wanted["record_ops"], key=lambda op: op["rpath"])
        ], case["name"]
    for repo in trees.values():
        repo.close()


def test_a_tree_without_a_commit_is_taken_for_one(run: Program) -> None:
    """On both sides, and beside a repository."""
    case = suite_cases()[1]
    a, b = (
        vector(f"mst-suite/cars/{case['inputs'][side].rpartition('/')[2]}")
        for side in ("mst_a", "mst_b")
    )
    outcome = run("diff", a, b, "--json")
    assert outcome.code == 0
    assert outcome.json["nodes_created"] == sorted(case["results"]["created_nodes"])
    assert outcome.json["a"]["did"] is None
    assert run("diff", a, vector("repo-stream/tiny.car")).code == 0


def test_where_no_difference_is_found_none_is_counted(
    run: Program, sides: tuple[Path, Path], tmp_path: Path
) -> None:
    """Of a commit without its tree: what is under it cannot be told."""
    data = sides[1].read_bytes()
    head, parts = parts_of(data)
    alone = saved(tmp_path / "alone.car", car_of(data, head, parts[:1]))
    outcome = run("diff", sides[0], alone)
    assert outcome.code == 10
    assert outcome.err.startswith(f"repoview: between {sides[0]} (")
    assert ") no difference was found\n" in outcome.err
    assert "of 1 range of keys nothing can be told" in outcome.err
