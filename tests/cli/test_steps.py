"""Facts about `repoview mst --steps`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from repoview import Repo, trees
from repoview.present.steps.telling import told
from tests.cli.conftest import saved
from tests.core.repos import make_repo, many

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Program

PATH = "com.example.kind1/000100"
ABSENT = "com.example.kind1/000101"


@pytest.fixture
def car(tmp_path: Path) -> Path:
    """A repository of 200 records, the nodes in the opposite of walk order."""
    return saved(tmp_path / "x.car", make_repo(many(200)))


@pytest.mark.parametrize(
    ("args", "kind"),
    [
        (("--steps", "walk"), "walk"),
        ((PATH, "--steps", "walk"), "walk from"),
        ((PATH, "--steps", "look-up"), "look-up"),
        ((ABSENT, "--steps", "look-up"), "look-up"),
        ((ABSENT, "--steps", "proof"), "proof"),
        (("--steps", "stream"), "stream"),
        (("--steps", "stream", "--order", "cid"), "stream by cid"),
    ],
)
def test_each_step_is_a_line(
    run: Program, car: Path, args: tuple[str, ...], kind: str
) -> None:
    """In the words of the step, numbered from 1."""
    outcome = run("mst", car, *args)
    path = args[0]
    with Repo.load(car) as repo:
        steps = {
            "walk": lambda: trees.walk_steps(repo),
            "walk from": lambda: trees.walk_steps(repo, path),
            "look-up": lambda: trees.look_up_steps(repo, path),
            "proof": lambda: trees.proof_steps(repo, path),
            "stream": lambda: trees.stream_steps(repo),
            "stream by cid": lambda: trees.stream_steps(repo, "cid"),
        }[kind]()
        says = [told(step, repo).says for step in steps]
    assert outcome.code == 0
    lines = outcome.out.splitlines()
    assert [
        line[9 : 9 + len(each)] for line, each in zip(lines, says, strict=True)
    ] == says
    assert [int(line[:6]) for line in lines] == list(range(1, len(lines) + 1))
    assert "not printed" not in outcome.err


@pytest.mark.parametrize("kind", ["walk", "stream"])
def test_what_is_left_is_told(run: Program, car: Path, kind: str) -> None:
    """As the number of all steps is known; so it is in JSON."""
    count = len(run("mst", car, "--steps", kind).out.splitlines())
    some = run("mst", car, "--steps", kind, "--first", "10")
    assert len(some.out.splitlines()) == 10
    assert f"{count - 10} more steps not printed" in some.err
    found = json.loads(run("mst", car, "--steps", kind, "--first", "10", "--json").out)
    assert (found["kind"], found["left"]) == (kind, count - 10)
    assert len(found["steps"]) == 10


def test_json_has_what_the_steps_have(run: Program, car: Path) -> None:
    """Each by its kind; paths and CIDs as text."""
    found = json.loads(run("mst", car, PATH, "--steps", "look-up", "--json").out)
    assert (found["path"], found["order"], found["left"]) == (PATH, None, 0)
    kinds = [step["step"] for step in found["steps"]]
    assert kinds[:3] == ["BlockAsked", "NodeOpened", "KeyCompared"]
    last = found["steps"][-1]
    with Repo.load(car) as repo:
        record = repo.get(PATH)
        assert record is not None
        assert last == {
            "step": "KeyFound",
            "key": PATH,
            "value": str(record.cid),
            "field": last["field"],
        }


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("--steps", "look-up"), "takes a PATH"),
        ((PATH, "--steps", "stream"), "takes no PATH"),
        (("--steps", "walk", "--order", "cid"), "--order is that of --steps stream"),
        (("--first", "3"), "those of --steps"),
        (("--steps", "diff"), "takes two sources"),
        (("other.car", "--steps", "diff", "--order", "cid"), "of --steps stream"),
        (("--steps", "walk", "--depth", "1"), "--steps has no diagram"),
    ],
)
def test_what_does_not_go_together_is_refused(
    run: Program, car: Path, args: tuple[str, ...], says: str
) -> None:
    """Before anything is read."""
    outcome = run("mst", car, *args)
    assert outcome.code == 2
    assert says in outcome.err


def test_a_diff_is_of_two_sources(run: Program, car: Path, tmp_path: Path) -> None:
    """In the words of its steps, and as JSON; what is left is counted."""
    new = saved(tmp_path / "new.car", make_repo({**many(200), ABSENT: {}}))
    outcome = run("mst", car, new, "--steps", "diff")
    with Repo.load(car) as old, Repo.load(new) as other:
        says = [told(step).says for step in trees.diff_steps(old, other)]
    assert outcome.code == 0
    lines = outcome.out.splitlines()
    assert [line[9:] for line in lines] == says
    assert ABSENT in outcome.out
    some = run("mst", car, new, "--steps", "diff", "--first", "3", "--json")
    found = json.loads(some.out)
    assert (found["kind"], found["new"]) == ("diff", str(new))
    assert (len(found["steps"]), found["left"]) == (3, len(says) - 3)


def test_standard_input_is_one_side_of_a_diff(run: Program) -> None:
    """It cannot be read twice."""
    outcome = run("mst", "-", "-", "--steps", "diff")
    assert outcome.code == 2
    assert "standard input is one source" in outcome.err


def test_a_hole_is_a_step_that_is_refused(run: Program, tmp_path: Path) -> None:
    """With the keys of which nothing is known; a stream waits for it to the end."""
    path = saved(tmp_path / "x.car", make_repo(many(200, 1), leave_out=230))
    walk = run("mst", path, "--steps", "walk")
    assert walk.code == 10
    assert "it is not there; nothing is known of keys" in walk.out
    stream = run("mst", path, "--steps", "stream")
    assert "the walk still waits for bafyrei" in stream.out
    assert "held in vain" in stream.out


def test_an_at_uri_stands_for_its_path(run: Program, car: Path) -> None:
    """As it does for the proof path."""
    with Repo.load(car) as repo:
        assert repo.commit is not None
        uri = f"at://{repo.commit.did}/{PATH}"
    by_uri = run("mst", car, uri, "--steps", "look-up").out
    assert by_uri == run("mst", car, PATH, "--steps", "look-up").out
