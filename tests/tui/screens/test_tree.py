"""Facts about the tree view: what its lines say, and where its keys lead."""

from __future__ import annotations

from typing import TYPE_CHECKING

from repoview import Repo
from repoview.sample import write_sample
from repoview.tui.screens.browse import Browse
from repoview.tui.screens.tree import TreeView
from repoview.tui.session.tree import TreeAnswers
from repoview.tui.values.rows import TreeEntry, TreeNode
from repoview.tui.widgets.breadcrumbs import Breadcrumbs
from repoview.tui.widgets.tree_outline import TreeOutline
from tests.core.repos import car_of, make_repo, many, parts_of
from tests.tui.conftest import exploring, screen_text

if TYPE_CHECKING:
    from pathlib import Path


def counted(repo: Repo) -> TreeAnswers:
    """Return answers that have counted all that they will."""
    answers = TreeAnswers(repo)
    while answers.count_more():
        pass
    return answers


def test_a_node_says_what_is_in_it_and_below() -> None:
    """All of a repository is below its top node."""
    repo = Repo.load(make_repo(many(300)))
    answers = counted(repo)
    top = answers.line(0)
    assert isinstance(top, TreeNode)
    assert (top.records, top.hole, top.findings) == (300, "", 0)
    lines = [answers.line(item) for item in range(len(answers.forest))]
    nodes = [line for line in lines if isinstance(line, TreeNode)]
    entries = [line for line in lines if isinstance(line, TreeEntry)]
    assert sum(node.entries for node in nodes) == len(entries) == 300
    assert [entry.number for entry in entries] == list(range(300))


def test_bytes_below_are_told_once_they_are_counted() -> None:
    """Until then there is nothing rather than something wrong."""
    repo = Repo.load(make_repo(many(2_000)))
    answers = TreeAnswers(repo)
    top = answers.line(0)
    assert isinstance(top, TreeNode)
    assert top.bytes == ""
    assert not answers.count_more()
    top = answers.line(0)
    assert isinstance(top, TreeNode)
    assert top.bytes != ""


def test_an_entry_tells_what_it_shares_with_the_one_before() -> None:
    """In its node, as the node is written."""
    repo = Repo.load(make_repo(many(200)))
    answers = TreeAnswers(repo)
    for number in range(len(repo)):
        entry = answers.line(answers.forest.of_record(number))
        assert isinstance(entry, TreeEntry)
        assert entry.path[entry.rkey :] == repo.record(number).rkey
        before = answers.forest.entry_before(number)
        if before is None:
            assert entry.shared == 0
        else:
            assert entry.path.startswith(repo.record(before).path[: entry.shared])
            shorter = repo.record(before).path[: entry.shared + 1]
            assert not entry.path.startswith(shorter)


def test_a_hole_says_which_keys_it_hides() -> None:
    """In the words of one collection where both ends are of it."""
    repo = Repo.load(make_repo(many(120), leave_out=125))
    answers = TreeAnswers(repo)
    lines = [answers.line(item) for item in range(len(answers.forest))]
    holes = [line for line in lines if isinstance(line, TreeNode) and line.hole]
    assert [hole.hole for hole in holes] == ["missing node"] * len(holes)
    assert holes[0].hides == "keys before com.example.kind0/000009"
    assert holes[1].hides == "000009 … 000018 of com.example.kind0"
    assert answers.counted().endswith(f" · {len(holes)} holes")


def test_the_way_leads_from_the_top_down() -> None:
    """Depths, and then the path."""
    repo = Repo.load(make_repo(many(200)))
    answers = TreeAnswers(repo)
    item = answers.forest.of_record(150)
    way = answers.way(item)
    assert way[0].item == 0
    assert way[-1].text == repo.record(150).path
    depths = [step.text.removeprefix("depth ") for step in way[:-1]]
    assert depths == [str(n) for n in range(int(depths[0]), int(depths[-1]) - 1, -1)]


def test_what_is_not_there_has_no_place() -> None:
    """And neither has anything in a tree that could not be reached."""
    answers = TreeAnswers(Repo.load(make_repo(many(3))))
    assert answers.item_of("record", 3) is None
    assert answers.item_of("node", 99) is None
    assert answers.item_of("block", 0) is None
    nothing = TreeAnswers(Repo.load(make_repo({}, leave_out=2)))
    assert nothing.item_of("record", 0) is None
    assert nothing.item_of("node", 0) is None


async def test_the_tree_opens_at_the_record_and_enter_leads_back(sample: Path) -> None:
    """To any other record, too."""
    async with exploring(sample) as (app, pilot):
        await pilot.press("down", "down", "down", "t")
        await pilot.pause()
        assert isinstance(app.screen, TreeView)
        outline = app.screen.query_one(TreeOutline)
        assert outline.folding.forest.at(outline.item) == (False, 3)
        await pilot.press("asterisk", "end", "enter")
        await pilot.pause()
        assert isinstance(app.screen, Browse)
        assert app.screen._record == 299  # noqa: SLF001 (what is on the screen)


async def test_all_of_a_tree_opens_and_closes(sample: Path) -> None:
    """Every node and every record has its line."""
    async with exploring(sample) as (app, pilot):
        await pilot.press("t", "asterisk")
        outline = app.screen.query_one(TreeOutline)
        assert outline.count == len(outline.folding.forest)
        await pilot.press("minus")
        assert (outline.count, outline.item) == (1, 0)


async def test_a_click_on_the_way_leads_up(sample: Path) -> None:
    """To the top, from anywhere."""
    async with exploring(sample) as (app, pilot):
        await pilot.press("t", "asterisk", "end")
        await pilot.pause()
        await pilot.click(Breadcrumbs, offset=(2, 0))
        await pilot.pause()
        assert app.screen.query_one(TreeOutline).item == 0


async def test_what_the_cursor_stands_on_is_shown_beside(sample: Path) -> None:
    """A node as a node, a record as a record."""
    async with exploring(sample) as (app, pilot):
        await pilot.press("t", "home")
        await pilot.pause()
        assert "MST node" in screen_text(app)
        await pilot.press("asterisk", "end")
        await pilot.pause()
        text = screen_text(app)
        assert "MST node" not in text
        assert text.count("what-rye-wants") + text.count("self") > 1


def test_what_is_only_worth_knowing_is_no_warning() -> None:
    """A node says how grave the gravest finding about it is."""
    out = bytearray()
    write_sample(out.extend, 60)
    head, parts = parts_of(bytes(out))
    data = car_of(bytes(out), head, parts[::-1])
    with Repo.load(data) as repo:
        (astray,) = (f for f in repo.report.findings if f.code == "ORD001")
        answers = TreeAnswers(repo)
        lines = [answers.line(item) for item in range(len(answers.forest))]
        told = [
            (line.findings, line.severity)
            for line in lines
            if isinstance(line, TreeNode) and line.findings
        ]
        assert repo.tree.node(0).cid == astray.cid
    assert told == [(1, "info")]


async def test_a_hole_is_drawn_as_one(broken: Path) -> None:
    """With what it hides, and Enter shows why."""
    async with exploring(broken) as (app, pilot):
        await pilot.press("t", "home", "down")
        await pilot.pause()
        text = screen_text(app)
        assert "◌ missing node, depth 2 · hides keys before com.example" in text
        await pilot.press("enter")
        await pilot.pause()
        assert "BLK008" in screen_text(app)


async def test_a_repository_without_records_has_a_top_node(tmp_path: Path) -> None:
    """With nothing to open in it."""
    path = tmp_path / "empty.car"
    path.write_bytes(make_repo({}))
    async with exploring(path) as (app, pilot):
        await pilot.press("t", "right", "asterisk", "enter", "end")
        await pilot.pause()
        text = screen_text(app)
        assert "▹ depth ? · 0 entries" in text
        assert "1 node · 0 entries" in text
        assert "Nothing was found wrong" not in text


async def test_the_reader_comes_back_to_the_same_line(sample: Path) -> None:
    """What was open stays open while another view is shown."""
    async with exploring(sample) as (app, pilot):
        await pilot.press("t", "asterisk", "end", "up", "up")
        await pilot.pause()
        outline = app.screen.query_one(TreeOutline)
        item, count = outline.item, outline.count
        await pilot.press("v")
        await pilot.pause()
        await pilot.press("left_square_bracket")
        await pilot.pause()
        assert isinstance(app.screen, TreeView)
        outline = app.screen.query_one(TreeOutline)
        assert (outline.item, outline.count) == (item, count)
