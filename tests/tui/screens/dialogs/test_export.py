"""Facts about exports from the explorer: choices, forecast, writing, the dialog."""

from __future__ import annotations

import io
import os
import threading
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import pytest
from textual.app import App
from textual.widgets import Input, Static

from repoview.core.repo.repo import Repo
from repoview.export.formats import FORMATS
from repoview.sample import write_sample
from repoview.tui import styles
from repoview.tui.screens.dialogs.export import Export
from repoview.tui.session.writing.export import (
    ExportAnswers,
    ExportChoice,
    ExportJob,
    with_suffix_of,
)
from repoview.tui.styles.theme import FALLBACKS, THEMES
from tests.core.repos import make_repo, many
from tests.tui.conftest import screen_text

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from textual.pilot import Pilot

STYLES = Path(styles.__path__[0])


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Names that are proposed are those of files here."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="module")
def repo() -> Iterator[Repo]:
    """A sample of 300 records, as if it came from a file that was packed."""
    out = io.BytesIO()
    write_sample(out.write, 300)
    with Repo.load(out.getvalue(), name="/far/away/alice.car.gz") as repo:
        yield repo


class Held(ExportAnswers):
    """Answers that begin to write when they are let go."""

    def __init__(self, repo: Repo) -> None:
        super().__init__(repo)
        self.go = threading.Event()

    def write(self, job: ExportJob) -> None:
        """Wait, and write."""
        self.go.wait()
        super().write(job)


class Dialog(App[None]):
    """The dialog, and nothing else."""

    CSS_PATH: ClassVar[list[str]] = [
        str(STYLES / "dialogs" / f"{name}.tcss") for name in ("writing", "export")
    ]

    def __init__(self, answers: ExportAnswers) -> None:
        super().__init__()
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = THEMES[0].name
        self.answers = answers
        self.ended: list[str | None] = []

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Give every theme the colors that only ours name."""
        return FALLBACKS

    def on_mount(self) -> None:
        """Ask."""
        marked = ExportChoice("marked", [2, 5, 7], "marked")
        choices = [marked, self.answers.collection(2), self.answers.everything()]
        self.push_screen(Export(self.answers, choices), self.ended.append)

    @property
    def line(self) -> Input:
        """The line with the name of the file."""
        return self.screen.query_one("#write-to", Input)


@asynccontextmanager
async def asking(
    answers: ExportAnswers, size: tuple[int, int] = (80, 24)
) -> AsyncIterator[tuple[Dialog, Pilot[None]]]:
    """Show the dialog, and wait until it has foreseen what it was asked."""
    app = Dialog(answers)
    async with app.run_test(size=size) as pilot:
        await app.workers.wait_for_complete()
        await pilot.pause()
        yield app, pilot


def said(app: Dialog) -> str:
    """Return what the dialog says, however it is wrapped."""
    says = app.screen.query_one("#write-says", Static)
    return str(says.content)


async def until_said(app: Dialog, pilot: Pilot[None], text: str) -> None:
    """Wait until the dialog says something."""
    while text not in said(app):
        await pilot.pause()


def lines_of(name: str) -> int:
    """Return how many lines a file has."""
    return Path(name).read_bytes().count(b"\n")


def records_in(name: str) -> int:
    """Return how many files of records a folder has."""
    return len([*Path(name).rglob("*.json")])


def make(name: str, data: bytes = b"") -> None:
    """Make a file."""
    Path(name).write_bytes(data)


def files() -> list[str]:
    """Return the names of what is in the folder."""
    return sorted(path.name for path in Path().iterdir())


class TestAnswers:
    """What is known of an export without a screen."""

    @pytest.mark.parametrize(
        ("source", "proposed"),
        [
            ("/far/away/alice.car.gz", "alice.jsonl"),
            ("https://host.example/xrpc/repo.car?did=x", "repo.jsonl"),
            ("C:\\files\\alice.car", "alice.jsonl"),
            ("-", "repo.jsonl"),
            ("\x1b[2J\u202e.car", "2J.jsonl"),
            ("…", "repo.jsonl"),
        ],
    )
    def test_a_file_is_named_for_its_source(self, source: str, proposed: str) -> None:
        """Of letters that every system takes."""
        with Repo.load(make_repo(many(3)), name=source) as repo:
            answers = ExportAnswers(repo)
            assert answers.proposed(answers.everything(), "jsonl") == proposed

    def test_the_name_tells_the_part(self, repo: Repo) -> None:
        """A collection by its own name, which the account may have made up."""
        answers = ExportAnswers(repo)
        collection = answers.collection(2)
        assert collection.label == collection.part == "app.bsky.feed.like"
        proposed = answers.proposed(collection, "car")
        assert proposed == "alice-app.bsky.feed.like.car"
        hostile = ExportChoice("x", [1], "../../etc/\x1bpasswd")
        assert answers.proposed(hostile, "car") == "alice-etc-passwd.car"

    def test_a_name_that_is_taken_is_not_proposed(self, repo: Repo) -> None:
        """The next one is."""
        answers = ExportAnswers(repo)
        Path("alice.jsonl").touch()
        Path("alice-2.jsonl").symlink_to("nowhere")
        assert answers.proposed(answers.everything(), "jsonl") == "alice-3.jsonl"

    def test_a_forecast_is_safe_to_show(self) -> None:
        """Whatever the records hold."""
        record = {"$type": "a.b.c", "text": "\x1b]0;x\x07[/]\u202e"}
        with Repo.load(make_repo({"a.b.c/x": record})) as repo:
            answers = ExportAnswers(repo)
            for form in FORMATS:
                forecast = answers.forecast(answers.everything(), form, 9)
                assert forecast.size.startswith("1 record, ")
                assert all(map(str.isprintable, forecast.lines))

    def test_what_cannot_be_written_says_why(self, repo: Repo, tmp_path: Path) -> None:
        """Without the options of the command line."""
        answers = ExportAnswers(repo)
        Path("there.car").touch()
        assert answers.refusal("") == "name the file to write"
        assert answers.refusal(str(tmp_path)).endswith("name a file in it")
        assert "there is no directory" in answers.refusal("no/where.car")
        assert "leads to no home" in answers.refusal("~nobody-of-this-name/x")
        assert answers.refusal(os.devnull).endswith("is not a regular file")
        assert answers.refusal("there.car") == answers.refusal("new.car") == ""

    def test_the_source_is_never_written(self, tmp_path: Path) -> None:
        """Not even by another name for it."""
        path = tmp_path / "x.car"
        path.write_bytes(make_repo(many(3)))
        (tmp_path / "y.car").symlink_to(path)
        with Repo.load(str(path)) as repo:
            assert "is the source itself" in ExportAnswers(repo).refusal("y.car")

    def test_a_tilde_is_the_home_folder(
        self, repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """As in a shell."""
        monkeypatch.setenv("HOME", str(tmp_path / "home"))
        assert str(tmp_path / "home") in ExportAnswers(repo).refusal("~/x.car")

    def test_a_job_that_is_stopped_leaves_nothing(
        self, repo: Repo, tmp_path: Path
    ) -> None:
        """And says so."""
        answers = ExportAnswers(repo)
        path = tmp_path / "x.jsonl"
        job = ExportJob(answers.everything(), "jsonl", path, force=False)
        job.stop = True
        answers.write(job)
        assert (job.has_ended, job.is_written) == (True, False)
        assert job.said == "the writing was canceled: nothing was written"
        assert files() == []

    def test_what_is_left_out_is_said(self, tmp_path: Path) -> None:
        """Nothing is lost silently."""
        with Repo.load(make_repo(many(9), leave_out=2)) as repo:
            answers = ExportAnswers(repo)
            path = tmp_path / "x.jsonl"
            job = ExportJob(answers.everything(), "jsonl", path, force=False)
            answers.write(job)
        assert job.is_written
        assert "7 records of 9" in job.said
        assert "2 blocks could not be read and were left out" in job.said

    def test_a_suffix_follows_the_format(self) -> None:
        """Unless it was that of no format."""
        assert with_suffix_of("a.b/X.NDJSON", "car") == "a.b/X.car"
        assert with_suffix_of("x.jsonl", "jsonl") == "x.jsonl"
        assert with_suffix_of("x.txt", "car") == "x.txt"


class TestDialog:
    """What the reader sees and does."""

    async def test_enter_writes_what_is_proposed(self, repo: Repo) -> None:
        """The first choice, and says what was written."""
        async with asking(ExportAnswers(repo)) as (app, pilot):
            assert "3 records, " in screen_text(app)
            assert "exactly" in screen_text(app)
            await pilot.press("enter")
            while not app.ended:
                await pilot.pause()
        (end,) = app.ended
        assert end is not None
        assert "/alice-marked.jsonl: 3 records of 300, " in end
        assert end.startswith("wrote /")
        assert lines_of("alice-marked.jsonl") == 3

    async def test_another_choice_has_another_name(self, repo: Repo) -> None:
        """Unless a name was typed."""
        async with asking(ExportAnswers(repo)) as (app, pilot):
            await pilot.press("shift+tab", "shift+tab", "down", "down")
            assert app.line.value == "alice.jsonl"
            await pilot.press("tab", "down")
            assert app.line.value == "alice.json"
            await pilot.press("down", "down", "down", "down", "down")
            assert app.line.value == "alice/"
            await pilot.press("down", "down")
            assert app.line.value == "alice.car"
            await app.workers.wait_for_complete()
            await pilot.pause()
            assert "records  300" in screen_text(app)

    async def test_arrows_in_the_file_name_choose_the_format(self, repo: Repo) -> None:
        """The cursor begins there; the name follows."""
        async with asking(ExportAnswers(repo)) as (app, pilot):
            before = app.line.value
            await pilot.press("down")
            assert app.line.value == before.replace(".jsonl", ".json")
            await pilot.press("up")
            assert app.line.value == before
            assert "↓ format" in screen_text(app)

    async def test_a_typed_suffix_tells_the_format(self, repo: Repo) -> None:
        """And the other way round; the rest of the name stays."""
        async with asking(ExportAnswers(repo)) as (app, pilot):
            app.line.value = "mine.car"
            await pilot.pause()
            assert "(•) car" in screen_text(app)
            await pilot.press("shift+tab", "up")
            assert app.line.value == "mine.zip"
            await pilot.press("up")
            assert app.line.value == "mine/"
            app.line.value = "mine.json.gz"
            await pilot.pause()
            await pilot.press("down")
            assert app.line.value == "mine.csv.gz"
            await pilot.press("down", "down")
            assert app.line.value == "mine.sqlite"

    async def test_a_folder_is_written(self, repo: Repo) -> None:
        """And one that is there is not."""
        async with asking(ExportAnswers(repo)) as (app, pilot):
            app.line.value = "x.zip"
            await pilot.pause()
            await pilot.press("shift+tab", "up")
            assert app.line.value == "x/"
            await pilot.press("tab", "enter")
            while not app.ended:
                await pilot.pause()
        assert records_in("x") == 3
        answers = ExportAnswers(repo)
        assert "is there already" in answers.refusal("x/", "folder")
        assert "names a folder" in answers.refusal("y/", "csv")

    async def test_a_choice_is_made_with_the_mouse(self, repo: Repo) -> None:
        """Like everything."""
        async with asking(ExportAnswers(repo)) as (app, pilot):
            await pilot.click("#export-choice", offset=(3, 2))
            assert "(•) everything" in screen_text(app)
            await pilot.click("#write-now")
            while not app.ended:
                await pilot.pause()
        assert lines_of("alice.jsonl") == 300

    async def test_what_is_there_is_kept_until_somebody_says_so(
        self, repo: Repo
    ) -> None:
        """Esc goes back to the name; it takes the button to overwrite."""
        make("x.jsonl", b"mine")
        async with asking(ExportAnswers(repo)) as (app, pilot):
            app.line.value = "x.jsonl"
            await pilot.press("enter")
            await until_said(app, pilot, "x.jsonl is there already. Overwrite it?")
            await pilot.press("enter")
            await pilot.pause()
            assert said(app) == ""
            assert lines_of("x.jsonl") == 0
            await pilot.press("enter")
            await until_said(app, pilot, "Overwrite it?")
            await pilot.press("escape")
            assert app.focused is app.line
            await pilot.press("enter")
            await until_said(app, pilot, "Overwrite it?")
            await pilot.click("#write-over")
            while not app.ended:
                await pilot.pause()
        assert lines_of("x.jsonl") == 3

    async def test_what_cannot_be_written_is_said_as_it_is_typed(
        self, repo: Repo
    ) -> None:
        """And not tried."""
        async with asking(ExportAnswers(repo)) as (app, pilot):
            app.line.value = "no/where.jsonl"
            await pilot.press("enter")
            await until_said(app, pilot, "there is no directory no")
            app.line.value = "where.jsonl"
            await pilot.pause()
            assert said(app) == ""
        assert app.ended == []

    async def test_esc_stops_the_writing_and_leaves_nothing(self, repo: Repo) -> None:
        """The dialog stays, to write elsewhere."""
        answers = Held(repo)
        async with asking(answers) as (app, pilot):
            await pilot.press("enter")
            await until_said(app, pilot, "writing")
            await pilot.press("escape")
            answers.go.set()
            await until_said(app, pilot, "the writing was canceled")
            assert app.focused is app.line
            assert files() == []
            await pilot.press("escape")
        assert app.ended == [None]

    async def test_esc_again_leaves_once_it_has_stopped(self, repo: Repo) -> None:
        """Who types it twice does not want to write elsewhere."""
        answers = Held(repo)
        async with asking(answers) as (app, pilot):
            await pilot.press("enter")
            await until_said(app, pilot, "writing")
            await pilot.press("escape", "escape")
            answers.go.set()
            while not app.ended:
                await pilot.pause()
            assert app.ended == [None]
            assert files() == []

    async def test_leaving_stops_the_writing(self, repo: Repo) -> None:
        """The job is told to stop."""
        answers = Held(repo)
        async with asking(answers) as (app, pilot):
            await pilot.press("enter")
            await until_said(app, pilot, "writing")
            job = app.screen._job  # type: ignore[attr-defined]  # noqa: SLF001 (it is gone with the screen)
            app.pop_screen()
            await pilot.pause()
            assert job.stop
            answers.go.set()
        assert files() == []

    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
    async def test_a_full_disk_is_a_sentence(
        self, repo: Repo, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """And nothing is left behind."""
        real = os.open

        def on_full(path: Path, flags: int, mode: int = 0o777) -> int:
            if not str(path).endswith(".part"):
                return real(path, flags, mode)
            os.close(real(path, flags, mode))
            return real("/dev/full", os.O_WRONLY)

        monkeypatch.setattr(os, "open", on_full)
        async with asking(ExportAnswers(repo)) as (app, pilot):
            await pilot.press("enter")
            await until_said(app, pilot, "no space left on device")
        assert files() == []

    async def test_it_fits_the_smallest_screen(self, repo: Repo) -> None:
        """With a question that takes two lines."""
        long = "x" * 90 + ".jsonl"
        make(long)
        async with asking(ExportAnswers(repo)) as (app, pilot):
            app.line.value = long
            await pilot.press("enter")
            await until_said(app, pilot, "Overwrite it?")
            text = screen_text(app)
            assert "Overwrite " in text
            assert "Cancel " in text
            assert "it?" in text
