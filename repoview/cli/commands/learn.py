"""`repoview learn`: the lessons, in the terminal or as text, and their check."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from repoview.cli.command import Command
from repoview.cli.commands.open import explorer_settings
from repoview.cli.console import is_screen
from repoview.cli.judging.judging import checks_of
from repoview.cli.options.options import Run, common_options
from repoview.cli.serving import serve_pages, web_options, web_wanted
from repoview.core.wording import count_text
from repoview.learn.lesson import LessonError
from repoview.learn.shelf import Kept, lesson_named, lessons
from repoview.present import safe, wrapped

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from repoview.learn.lesson import Lesson
    from repoview.learn.page import Block

EXAMPLES: Final = """\
Examples:
  repoview learn                    the lessons; what was solved is remembered
  repoview learn 5                  one of them
  repoview learn --list             a line each
  repoview learn --print 5          its text, read here; -v with the solution
  repoview learn --sandbox          a tree to change at will, and what it costs
  repoview learn --break            files that break a rule each, and why
  repoview learn --break MST014     those of a code; --print MST014: as text
  repoview learn --web              in a browser on this machine
  repoview learn ./mine.toml        a lesson of your own
  repoview learn --check mine.toml  is it right, and is its task solvable?

How a lesson is written: docs/learn.md in the source.
"""

_FAULTY: Final = 1


@click.command(cls=Command, epilog=EXAMPLES)
@click.argument("names", metavar="[LESSON]...", nargs=-1)
@click.option("--list", "lists", is_flag=True, help="List all lessons, a line each.")
@click.option("--print", "printed", metavar="LESSON", help="Print one as text.")
@click.option(
    "--check",
    "checks",
    is_flag=True,
    help="Check the lessons named, or all of ours: texts, facts and solutions.",
)
@click.option("--sandbox", is_flag=True, help="Open the sandbox.")
@click.option(
    "--break",
    "breaks",
    is_flag=True,
    help="Open files that break a rule each: all, or those of the codes named.",
)
@web_options
@common_options
def command(
    run: Run,
    names: tuple[str, ...],
    *,
    lists: bool,
    printed: str | None,
    checks: bool,
    sandbox: bool,
    breaks: bool,
    web: bool,
    port: int | None,
) -> None:
    """Learn what a repository is, down to its bytes.

    LESSON is a number, a name, or the path of a file. Each lesson has something to
    read, and a small repository with a task, whose result is checked. Without a
    terminal the lesson is printed, or the list.
    """
    if sum((lists, printed is not None, checks, sandbox)) > 1:
        raise click.UsageError("--list, --print, --check and --sandbox exclude another")
    if web_wanted(web=web, port=port):
        if lists or checks or printed is not None:
            raise click.UsageError("--web excludes --list, --print and --check")
        _refuse_names(names, breaks=breaks)
        serve_pages(run, port)
        return
    if breaks:
        if checks or sandbox:
            raise click.UsageError("--break excludes --check and --sandbox")
        _break(run, names, printed, lists=lists)
        return
    if names and (lists or sandbox or printed is not None):
        raise click.UsageError("a lesson is named behind learn, --print or --check")
    if checks:
        _check(run, names)
    elif lists:
        _list(run)
    elif printed is not None:
        _print(run, _named(printed))
    else:
        _open(run, names, sandbox=sandbox)


def _refuse_names(names: tuple[str, ...], *, breaks: bool) -> None:
    """Refuse here what each page would refuse."""
    if breaks:
        from repoview.cli.pages.breaking import cases_of

        cases_of(names)
    else:
        for name in names:
            _named(name)


def _named(name: str) -> Kept:
    """Return a lesson; of what is wrong with a file, say the first."""
    try:
        return lesson_named(name)
    except LessonError as error:
        first, *others = str(error).splitlines()
        more = f", and {len(others)} more: see learn --check" if others else ""
        raise LessonError(f"{first}{more}") from None


def _open(run: Run, names: tuple[str, ...], *, sandbox: bool) -> None:
    """Open the app; where there is no terminal for it, print."""
    if len(names) > 1:
        raise click.UsageError("one lesson is opened at a time")
    first = _named(names[0]) if names else None
    if not is_screen():
        if sandbox:
            raise click.UsageError("the sandbox needs a terminal")
        if first is None:
            _list(run)
        else:
            _print(run, first)
        return
    from repoview.tui import learn

    run.exit_code = learn(
        explorer_settings(run, checks_of()), first, is_sandbox=sandbox
    )


def _break(
    run: Run, names: tuple[str, ...], printed: str | None, *, lists: bool
) -> None:
    """Open the broken files; print or list them where that is asked for.

    Without a terminal those that are named are printed, or all are listed.
    """
    from repoview.cli.pages.breaking import cases_of, list_cases, print_cases

    if printed is not None and (names or lists):
        raise click.UsageError("--print takes the one name of what is printed")
    if printed is not None:
        print_cases(run, cases_of([printed]))
    elif lists or not (names or is_screen()):
        list_cases(run, cases_of(names))
    elif not is_screen():
        print_cases(run, cases_of(names))
    else:
        _open_broken(run, names)


def _open_broken(run: Run, names: tuple[str, ...]) -> None:
    """Open the app on the list, narrowed to a name, or on the page of one case."""
    if len(names) > 1:
        raise click.UsageError("one code or file is opened at a time")
    from repoview.cli.pages.breaking import cases_of

    cases = cases_of(names)
    from repoview.tui import learn
    from repoview.tui.app.learner import BreakAt

    typed = " ".join(names) if len(cases) > 1 else ""
    at = BreakAt(typed, cases[0] if len(cases) == 1 else None)
    run.exit_code = learn(explorer_settings(run, checks_of()), breaking=at)


def _list(run: Run) -> None:
    solved = _solved(run)
    for number, kept in enumerate(lessons(), 1):
        sign = "✓" if kept.name in solved else " "
        lesson = kept.lesson
        title = f"{safe(lesson.title, 80):<33}"
        line = f"{number:>3} {sign} {run.console.paint('head', title)} "
        run.console.line(f"{line}{run.console.paint('dim', safe(lesson.about, 120))}")


def _solved(run: Run) -> Mapping[str, int]:
    """Return what was solved, as the app remembers it."""
    from repoview.folders import state_folder
    from repoview.tui.remembered.state import State

    return State(None if run.no_cache else state_folder(), run.console.note).solved()


def _print(run: Run, kept: Kept) -> None:
    from repoview.learn.page import lesson_blocks
    from repoview.learn.telling import filled

    lesson, paint, width = kept.lesson, run.console.paint, run.console.width
    try:
        scene = lesson.scene()
        said = list(lesson_blocks(lesson, scene))
        task = filled(scene, lesson.task.says)
        asked = [filled(scene, each.ask) for each in lesson.task.questions]
        hint = filled(scene, lesson.task.hint)
    except ValueError as error:
        raise LessonError(f"{kept.name}: {error}: see --check") from None
    lines = [paint("head", safe(lesson.title, 80)), ""]
    for block in said:
        lines += _lines(run, block)
    lines += [paint("head", "Task"), ""]
    lines += [*_wrapped(task, width), ""]
    for ask in asked:
        lines += [*wrapped(ask, width, first="  ? ", after="    "), ""]
    lines += [paint("head", "Hint"), ""]
    lines += [*_wrapped(hint, width), ""]
    lines += [paint("dim", "Fewest steps: ") + str(len(lesson.task.solution))]
    if run.verbose:
        lines += [f"  {safe(step.text, 200)}" for step in lesson.task.solution]
    lines += ["", paint("head", "Sources"), ""]
    lines += [f"  {name}: {address}" for name, address in _sources(lesson)]
    run.console.lines(lines)


def _wrapped(text: str, width: int) -> list[str]:
    """Return a text of some paragraphs as one, in lines."""
    return wrapped(" ".join(text.split()), width)


def _sources(lesson: Lesson) -> Iterator[tuple[str, str]]:
    for name, address in lesson.sources.items():
        yield safe(name, 80), safe(address, 300)


def _lines(run: Run, block: Block) -> Iterator[str]:
    """Yield a block of a lesson as lines of a page."""
    paint, width = run.console.paint, run.console.width
    if block.kind == "figure":
        yield from (f"    {paint('name', line)}" for line in block.text.splitlines())
        yield ""
    elif block.kind == "source":
        yield from (paint("dim", line) for line in wrapped(f"({block.text})", width))
        yield ""
    elif block.kind == "belief":
        yield from wrapped(f"Some believe: {block.text}", width)
    elif block.kind == "fact":
        yield from wrapped(f"In fact: {block.text}", width)
    else:
        yield from wrapped(block.text, width)
        yield ""


def _check(run: Run, names: tuple[str, ...]) -> None:
    """Check lessons, a line each, and a line for each fault."""
    from repoview.learn.check import faults

    labelled = names or tuple(str(n) for n in range(1, len(lessons()) + 1))
    for name in labelled:
        try:
            kept = lesson_named(name)
        except LessonError as error:
            # A line for each fault, each with the file's name.
            run.console.lines(map(_shown, str(error).splitlines()))
            run.exit_code = _FAULTY
            continue
        found = faults(kept.lesson)
        lead = f"{name}: {safe(kept.lesson.title, 80)}"
        if found:
            run.exit_code = _FAULTY
            run.console.lines(_shown(f"{name}: {fault}") for fault in found)
        else:
            steps = count_text(len(kept.lesson.task.solution), "step")
            run.console.line(_shown(f"{lead}: right, solved in {steps}"))


def _shown(text: str) -> str:
    return safe(text, 400)
