"""Facts about `repoview mst`."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from repoview.cli.console import Paint
from repoview.cli.pages.outline import LINES, Outline, levels_to, levels_within
from repoview.core.repo.repo import Repo
from tests.cli.conftest import LITTLE, RECORDS, damaged_top, on_terminal, saved
from tests.core.repos import make_repo, many
from tests.vectors import report

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Program

PROFILE = "app.bsky.actor.profile/self"


def test_the_outline_has_every_node_and_record(run: Program, sample: Path) -> None:
    """The commit on top, records in key order."""
    outcome = run("mst", sample)

    lines = outcome.out.splitlines()
    with Repo.load(sample) as repo:
        assert len(lines) == 1 + len(repo.tree) + RECORDS
        paths = [r.path for r in repo.records()]
    assert lines[0].startswith("commit bafyrei…")
    assert lines[1].startswith("└─ node bafyrei…")
    shown = [line.lstrip("│├└─ ").split("  ")[0] for line in lines]
    assert [line for line in shown if "/" in line] == paths
    assert (outcome.code, outcome.err) == (0, "")


def test_rails_join_what_belongs_together(run: Program, tmp_path: Path) -> None:
    """A small tree, as it is drawn."""
    keys = ("a.b.c/2653ae71", "a.b.c/blue", "a.b.c/red")
    path = saved(tmp_path / "x.car", make_repo({key: {} for key in keys}))

    out = run("mst", path).out

    for line in out.splitlines()[2:-1]:
        assert line.startswith(("   ├─ ", "   │  ├─ ", "   │  └─ ", "      "))
    assert out.splitlines()[-1].startswith(("   └─ ", "      └─ "))


def test_a_hole_is_drawn_as_a_hole(run: Program, tmp_path: Path) -> None:
    """With the range of keys that it hides."""
    path = saved(tmp_path / "x.car", make_repo(many(200, 1), leave_out=230))

    outcome = run("mst", path)

    assert outcome.code == 10
    assert "╳ missing node bafyrei…" in outcome.out
    assert "  keys between com.example.kind0/0" in outcome.out
    assert "╳ missing record" in outcome.out


def test_damage_is_drawn_as_damage(
    run: Program, sample_bytes: bytes, tmp_path: Path
) -> None:
    """A node whose bytes are others is not opened."""
    path = saved(tmp_path / "x.car", damaged_top(sample_bytes))

    outcome = run("mst", path)

    assert outcome.code == 11
    assert "└─ ╳ damaged node bafyrei…" in outcome.out
    assert outcome.out.splitlines()[1].endswith("  all keys")


def test_a_large_tree_is_cut_and_says_so(run: Program, tmp_path: Path) -> None:
    """Whole levels are left closed; more come for asking."""
    path = saved(tmp_path / "x.car", make_repo(many(1500, 1)))

    outcome = run("mst", path)

    assert outcome.out.count("\n") <= LINES
    assert " …\n" in outcome.out
    assert "--depth N opens more" in outcome.err
    whole = run("mst", path, "--depth", "0")
    assert whole.out.count("/") == 1500
    assert whole.err == ""
    assert run("mst", path, "-q").err == ""


def test_depth_opens_the_nodes_above(run: Program, sample: Path) -> None:
    """Depth counts from the bottom."""
    with Repo.load(sample) as repo:
        top = repo.tree.node(0).depth
        assert top is not None
        own = sum(not isinstance(item, int) for item in repo.tree.children(0))
    out = run("mst", sample, "--depth", str(top)).out
    assert out.count("/") == own
    assert run("mst", sample, "--depth", "0").out == run("mst", sample).out
    assert run("mst", sample, "--depth", "128").out == out


def test_shared_beginnings_are_dim(sample: Path) -> None:
    """What a key shares with the one before it in its node."""
    code, drawn = on_terminal("mst", sample)
    assert code == 0
    assert "\x1b[2mapp.bsky.feed." in drawn


def test_json_has_every_node_with_what_is_in_it(run: Program, sample: Path) -> None:
    """Parents before children, each child by number."""
    tree = run("mst", sample, "--json").json

    assert tree["whole"] is True
    nodes = {node["number"]: node for node in tree["nodes"]}
    assert list(nodes) == list(range(len(nodes)))
    assert nodes[0]["parent"] is None
    assert nodes[0]["records"] == RECORDS
    for node in tree["nodes"]:
        for item in node["items"]:
            if "node" in item:
                assert nodes[item["node"]]["parent"] == node["number"]
    paths = [i["path"] for n in tree["nodes"] for i in n["items"] if "path" in i]
    assert len(paths) == RECORDS


def test_a_warning_makes_no_record_unsound(run: Program) -> None:
    """Neither in the tree nor on the way, nor where it is shown."""
    source, path = report("big-integer.car"), "com.example.reading/a"
    tree = run("mst", source, "--json").json
    items = [item for node in tree["nodes"] for item in node["items"]]
    states = [item["state"] for item in items if "state" in item]
    assert states == ["sound", "sound"]
    assert "unsound" not in run("mst", source, path).out
    assert "unsound" not in run("show", source, path, "-v").err
    odd = report("odd-values.car")
    assert "unsound" in run("mst", odd, "com.example.reading/float").out


def test_json_is_cut_like_the_outline(run: Program, tmp_path: Path) -> None:
    """And says that it is not the whole tree."""
    path = saved(tmp_path / "x.car", make_repo(many(1500, 1)))

    tree = run("mst", path, "--json").json

    assert tree["whole"] is False
    assert any("items" not in node for node in tree["nodes"])
    assert run("mst", path, "--json", "--depth", "0").json["whole"] is True


def test_the_way_to_a_record(run: Program, sample: Path) -> None:
    """Commit, nodes, record; each linked from the one above, each hash right."""
    outcome = run("mst", sample, PROFILE)

    assert outcome.code == 0
    assert "hash ✗" not in outcome.out
    assert f"{PROFILE} is in the repository" in outcome.out
    way = run("mst", sample, PROFILE, "--json").json
    assert way["found"] is True
    assert way["steps"][0]["role"] == "commit"
    assert way["steps"][1]["link"] == "data"
    assert way["steps"][-1]["role"] == "record"
    assert all(step["hashes"] for step in way["steps"])


def test_every_link_on_the_way_leads_on(run: Program, sample: Path) -> None:
    """The field named is where the CID of the next block stands."""
    with Repo.load(sample) as repo:
        paths = [record.path for record in repo.records()]
    for path in paths[::7]:
        steps = run("mst", sample, path, "--json").json["steps"]
        for above, step in pairwise(steps):
            block = run("show", sample, above["cid"]).json
            for part in step["link"].replace("[", ".").replace("]", "").split("."):
                block = block[int(part)] if part.isdigit() else block[part]
            assert block == {"$link": step["cid"]}


def test_the_way_to_what_is_not_there(run: Program, sample: Path) -> None:
    """Ends at the node that would hold it; exit code 1."""
    outcome = run("mst", sample, "app.bsky.actor.profile/selg")

    assert outcome.code == 1
    assert "is not in the repository: the last node would hold it" in outcome.out
    assert f"did you mean {PROFILE}?" in outcome.err
    way = run("mst", sample, "app.bsky.actor.profile/selg", "--json").json
    assert way["found"] is False


def test_a_broken_way_proves_nothing(
    run: Program, sample_bytes: bytes, tmp_path: Path
) -> None:
    """Whether the path is there cannot be told."""
    path = saved(tmp_path / "x.car", damaged_top(sample_bytes))

    outcome = run("mst", path, PROFILE)

    assert outcome.code == 11
    assert "hash ✗" in outcome.out
    assert "cannot be told" in outcome.out
    assert run("mst", path, PROFILE, "--json").json["found"] is None


@pytest.mark.usefixtures("little_memory")
def test_a_walk_cut_short_is_drawn_as_far_as_it_came(
    run: Program, cut_walk: Path
) -> None:
    """And proves nothing about what it did not reach."""
    tree = run("mst", cut_walk, "--json", "--depth", "0", *LITTLE).json
    outline = run("mst", cut_walk, "--depth", "0", *LITTLE)
    info = run("info", cut_walk, "--json", *LITTLE).json

    assert tree["whole"] is False
    paths = [i["path"] for n in tree["nodes"] for i in n["items"] if "path" in i]
    assert sorted(paths) == [line.split("\t")[0] for line in listed(run, cut_walk)]
    assert outline.code == 10
    assert outline.out.count("/") == len(paths) == tree["nodes"][0]["records"]
    assert sum(each["records"] for each in info["depths"]) == len(paths)
    beyond = "com.example.kind/19999"
    assert run("mst", cut_walk, beyond, "--json", *LITTLE).json["found"] is None


def listed(run: Program, path: Path) -> list[str]:
    """Return what `ls` lists of it within the same limit."""
    return run("ls", path, *LITTLE).out.splitlines()


def test_a_record_that_is_missing_is_in_the_tree(
    run: Program, broken: dict[int, Path]
) -> None:
    """Its key and CID are proven, its bytes are not there."""
    with Repo.load(broken[10]) as repo:
        path = next(r.path for r in repo.records() if r.state == "missing")

    outcome = run("mst", broken[10], path)

    assert outcome.code == 10
    assert "but a block on the way is not what it should be" in outcome.out


def test_key_depth_is_explained(run: Program, tmp_path: Path) -> None:
    """By the zero pairs that the key's SHA-256 begins with."""
    path = saved(tmp_path / "x.car", make_repo({"a.b.c/d": {}}))
    page = run("mst", path, "app.bsky.feed.post/9adeb165882c").out
    assert "begins 00 00 00 00 00 00 00 00 " in page
    assert "8 zero pairs, so depth 8" in page


@pytest.mark.parametrize("code", [12, 13, 14])
def test_nothing_or_a_whole_tree(
    run: Program, broken: dict[int, Path], code: int
) -> None:
    """Without a tree there is nothing to draw."""
    outcome = run("mst", broken[code])
    assert outcome.code == (12 if code == 12 else 0)
    assert bool(outcome.out) is (code != 12)


def test_a_deep_tree_has_rails_for_a_page_only(sample: Path) -> None:
    """However deep a hostile tree is."""
    with Repo.load(sample) as repo:
        outline = Outline(repo, Paint(on=False), 200)
        assert outline._rails(("│  ",) * 100).startswith("…  84 more ")  # noqa: SLF001


def test_levels(sample: Path) -> None:
    """At least one level is opened, and never more than there are."""
    with Repo.load(sample) as repo:
        top = repo.tree.node(0).depth
        assert top is not None
        assert levels_within(repo, 1) == 1
        assert levels_within(repo, 10_000) == top + 1
        assert levels_to(repo, 0) == top + 1
        assert levels_to(repo, 128) == 1


def test_the_tree_is_explained(run: Program, sample: Path) -> None:
    """By its top node, or by the record of a path; in sentences, not in JSON."""
    assert "why not a list?" in run("mst", sample, "--explain").out
    page = run("mst", sample, PROFILE, "--explain").out
    assert "Where its key is written" in page
    assert run("mst", sample, "--explain", "--json").code == 2
    assert "What is a repository?" in run("info", sample, "--explain").out
    assert run("info", sample, "--explain", "--json").code == 2
