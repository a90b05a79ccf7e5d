"""The options that all commands share, and the run that they describe."""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial, update_wrapper
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from repoview.cli.console import Console
from repoview.cli.options.option_types import Refused, Seconds, Size, SourcePath, Whole
from repoview.cli.progress import Bar
from repoview.core import limits
from repoview.core.repo.inside import inside

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TextIO

    from repoview.core.load.result import Progress
    from repoview.core.opening.options import OpenOptions
    from repoview.core.repo.repo import Repo
    from repoview.core.verify.verify import Checks

_C = TypeVar("_C", bound="Callable[..., Any]")

_TREE_CODES: Final = frozenset({10, 11, 12})
"""Exit codes that say the tree behind an answer cannot be relied on."""


COMPLETION_VARIABLE: Final = "_REPOVIEW_COMPLETE"
"""The variable by which a shell asks for completions."""

THREADS_VARIABLE: Final = "REPOVIEW_THREADS"


_THREADS: Final = Whole(1, limits.MOST_THREADS)


@dataclass
class Run:
    """One run of a command: where it prints, and how it reads."""

    console: Console
    mem_limit: int = limits.MEMORY
    disk_limit: int = limits.DISK
    cache_dir: str | None = None
    no_cache: bool = False
    threads: int | None = None
    progress: bool = True
    quiet: bool = False
    verbose: bool = False
    exit_code: int = 0
    parting: list[str] = field(default_factory=list)
    """Sentences for stderr when the results are printed."""
    most_findings: int | None = None
    """Findings of one code that a page shows; None for a few."""

    max_seconds: float | None = None
    """Time that a source may take; None for any."""

    frame: int | None = None
    """The event to open, from 1, of a source that has several; None for the first."""

    is_passing: bool = False
    """Whether the sources are gone afterwards: nothing of them is kept."""

    def options(
        self, checks: Checks | None = None, *, anew: bool = False
    ) -> OpenOptions:
        """Return how to open a source in this run.

        Args:
            checks: What to check.
            anew: Whether to read all of it, without the cache.
        """
        from repoview.cli.reading import cache_folder
        from repoview.core.formats.frames.head import Which
        from repoview.core.kernel import kernel
        from repoview.core.opening.cache_policy import CachePolicy
        from repoview.core.opening.options import OpenOptions
        from repoview.core.opening.room import Room
        from repoview.core.verify.verify import Checks

        if self.verbose and kernel.ABSENT:
            from repoview.cli.kernel_words import ABSENT

            self._say(ABSENT)
        # A disk limit of 0 means no disk at all.
        folder = partial(cache_folder, self.cache_dir) if self.disk_limit else None
        room = Room(self.mem_limit, folder, self.disk_limit)
        policy = None
        is_kept = not (anew or self.no_cache or self.is_passing)
        if folder is not None and is_kept:
            policy = CachePolicy(folder, self._say)
        which = None if self.frame is None else Which(self.frame)
        return OpenOptions(
            checks or Checks(),
            room,
            self.threads,
            policy,
            on_limit="leave",
            frame=which,
            max_seconds=self.max_seconds,
        )

    def _say(self, sentence: str) -> None:
        if not self.quiet and sentence not in self.parting:
            self.parting.append(sentence)

    def bar(self) -> Bar:
        """Return a progress bar, which draws nothing except on a terminal."""
        return Bar(self.bar_stream())

    def bar_stream(self) -> TextIO | None:
        """Return the terminal to draw progress on; None to draw nothing."""
        console = self.console
        shown = self.progress and not self.quiet and console.err_is_terminal
        return console.err if shown else None

    @contextmanager
    def load(self, source: str, checks: Checks | None = None) -> Iterator[Repo]:
        """Give a source as loaded, for an answer about its tree.

        When the tree is incomplete, invalid or unreadable, the run ends with
        that exit code and a message. The cache is written after the answer.
        """
        from repoview.cli.reading import target_of
        from repoview.core.repo.begin import begin
        from repoview.core.repo.repo import finish

        options = self.options(checks)
        with self.bar() as bar:
            repo = finish(begin(target_of(source), options, name=source), bar)
        self.refuse_events(source, repo)
        code = repo.report.exit_code
        if code in _TREE_CODES:
            from repoview.cli.words import tree_fault

            self.exit_code = code
            self.parting.append(tree_fault(repo))
        with repo:
            yield repo
            self.console.out.flush()
            with self.bar() as bar:
                inside(repo).keep(bar)

    def refuse_events(self, source: str, repo: Repo) -> None:
        """Refuse to answer for one event of many; say what one without a CAR is.

        Raises:
            Refused: There are several, and none was chosen.
        """
        frame = repo.frame
        if frame is None:
            return
        if frame.has_next and self.frame is None:
            repo.close()
            raise Refused(
                f"{source} holds several events: choose one with --frame N, from 1; "
                "repoview verify reports them all"
            )
        if not frame.is_of_repo:
            from repoview.present import event_sentence

            self._say(f"{source} holds no repository: {event_sentence(frame)}")

    def read(
        self,
        source: str,
        report: Callable[[Progress], None],
        checks: Checks | None = None,
    ) -> Repo:
        """Read all of a source, without the cache and whatever its verdict."""
        from repoview.cli.reading import target_of
        from repoview.core.repo.begin import begin
        from repoview.core.repo.repo import finish

        options = self.options(checks, anew=True)
        return finish(begin(target_of(source), options, name=source), report)

    def part(self) -> None:
        """Print the messages that come after all results, on stderr."""
        for sentence in self.parting:
            self.console.note(sentence)
        self.parting.clear()


MEMORY: Final = Size(16 * limits.MiB)
"""Less would be used up by buffers."""

_COMMON: Final = (
    click.option(
        "--mem-limit",
        type=MEMORY,
        metavar="SIZE",
        help="Memory to use; the rest goes to disk [512MiB].",
    ),
    click.option(
        "--disk-limit",
        type=Size(),
        metavar="SIZE",
        help="Disk space for what is over the memory limit [16GiB].",
    ),
    click.option(
        "--max-seconds",
        type=Seconds(),
        metavar="N",
        help="Time to read and check a source; the rest is left [no limit].",
    ),
    click.option(
        "--cache-dir",
        type=click.Path(file_okay=False),
        metavar="DIR",
        help="Where on disk [the cache folder of this user].",
    ),
    click.option("--no-cache", is_flag=True, help="Neither read nor write the cache."),
    click.option(
        "--threads",
        type=_THREADS,
        metavar="N",
        help="How many threads hash and check [one a processor, up to 4].",
    ),
    click.option("--no-progress", is_flag=True, help="Draw no progress bar."),
    click.option(
        "--color/--no-color",
        default=None,
        help="Color always or never; else on terminals, unless NO_COLOR is set.",
    ),
    click.option("-q", "--quiet", is_flag=True, help="Say only what is needed."),
    click.option("-v", "--verbose", is_flag=True, help="Say more."),
)


def with_common(command: _C) -> _C:
    """Give a command, or the function of one, the options that all share."""
    for option in reversed(_COMMON):
        command = option(command)
    return command


COMMON: Final = tuple(
    each
    for each in with_common(click.Command("common")).params
    if isinstance(each, click.Option)
)
"""The options that all commands share."""


def common_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give *command* the options that all share; its first argument is a `Run`."""

    @click.pass_context
    def with_run(context: click.Context, /, **given: Any) -> None:  # noqa: ANN401 (whatever the command takes)
        common = shared(context, given)
        run = Run(
            Console(color=common["color"]),
            common["mem_limit"] or limits.MEMORY,
            limits.DISK if common["disk_limit"] is None else common["disk_limit"],
            common["cache_dir"],
            common["no_cache"],
            common["threads"] or _threads_of_environment(context),
            not common["no_progress"],
            common["quiet"],
            common["verbose"],
            max_seconds=common["max_seconds"],
            frame=given.pop("frame", None),
        )
        context.obj.append(run)
        command(run, **given)

    return with_common(update_wrapper(with_run, command))


def _threads_of_environment(context: click.Context) -> int | None:
    """Return the threads that the environment asks for, None if it does not.

    Not by click, where it would override an option in front of the command.
    """
    text = os.environ.get(THREADS_VARIABLE, "")
    if not text:
        return None
    try:
        return _THREADS.read(text)
    except ValueError as error:
        raise click.BadParameter(
            str(error), context, param_hint=THREADS_VARIABLE
        ) from None


def shared(context: click.Context, given: dict[str, Any]) -> dict[str, Any]:
    """Take the common options out of *given*.

    They may be given before the command too; those after it take precedence.
    """
    before = {} if context.parent is None else context.parent.params
    common = {}
    for option in COMMON:
        name = str(option.name)
        value = given.pop(name, None)
        unsaid = value is None or value is False
        common[name] = before.get(name) if unsaid else value
    if given_color(context):
        common["color"] = context.params["color"]
    return common


def given_color(context: click.Context) -> bool:
    """Tell whether --color or --no-color stands behind the command."""
    return context.params.get("color") is not None


source_argument = click.argument("source", type=SourcePath())
