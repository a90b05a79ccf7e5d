"""Events of the event stream as text: the operations, and the steps back.

A file may hold many. The page of one alone has all that is known of it; of many,
each has a few lines.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from repoview.core.findings.findings import Severity
from repoview.core.repo.frames import following
from repoview.core.verify.report import gravest
from repoview.present import (
    event_name,
    json_text,
    meaning_text,
    message_text,
    safe,
    short_cid,
    verdict_word,
    wrapped,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from repoview.cli.console import Console
    from repoview.cli.options.options import Run
    from repoview.core.formats.frames.frame import Frame, Operation
    from repoview.core.repo.repo import Repo
    from repoview.core.verify.report import Report
    from repoview.core.verify.verify import Checks

_STYLES: Final = {"proved": "fine", "unknown": "doubt", "contradicted": "bad"}
_ANSWER: Final = max(map(len, _STYLES))
_ACTION: Final = 6
_SHOWN: Final = 20
"""Operations that are shown unless more is asked for."""

_FINDINGS: Final = 5
"""Findings that are shown of one event of many."""

_PATH: Final = 200


def verify_events(run: Run, first: Repo, checks: Checks, form: str) -> None:
    """Print what was found of each event of a file, one after the other.

    Args:
        run: Where it is printed; it gets the most severe of their exit codes.
        first: The first, of which others follow.
        checks: What to check.
        form: text, or json and jsonl for an object a line.
    """
    _tell(run, first, form)
    for repo in following(first, run.options(checks, anew=True)):
        _tell(run, repo, form)


def _tell(run: Run, repo: Repo, form: str) -> None:
    report = repo.report
    run.exit_code = gravest((run.exit_code, report.exit_code))
    if form != "text":
        from repoview.cli.pages.as_json import report_object

        run.console.line(json_text(report_object(report, None), None))
    elif run.quiet:
        run.console.line(report.verdict.value)
    elif repo.frame is not None:
        run.console.lines(_brief(run, report, repo.frame))


def _brief(run: Run, report: Report, frame: Frame) -> Iterator[str]:
    """Yield a few lines about one event of many."""
    console, word = run.console, verdict_word(report)
    place = f"Frame {frame.number:,}, byte {frame.offset:,}"
    whose = "" if frame.repo is None else f" of {safe(frame.repo, _PATH)}"
    if frame.number > 1:
        yield ""
    yield console.paint("head", f"{place}: {event_name(frame)}{whose}")
    style = "bad" if report.exit_code else "good"
    text = f"  {word}: {meaning_text(report)}."
    first, *rest = wrapped(text, console.width, after="  ")
    yield first.replace(word, console.paint(style, word), 1)
    yield from rest
    yield from _operations(console, frame, more=run.verbose)
    graves = [f for f in report.findings if f.severity >= Severity.WARNING]
    for each in graves[:_FINDINGS]:
        yield from wrapped(
            message_text(each),
            console.width,
            first=f"  {each.code} ",
            after=" " * (len(each.code) + 3),
        )
    if (more := len(graves) - _FINDINGS) > 0:
        yield console.paint("dim", f"  +{more:,} more: --frame {frame.number}")


def event_facts(frame: Frame) -> list[tuple[str, str]]:
    """Return label and text of what stands in an event beside its operations."""
    time = "" if frame.time is None else f", {safe(frame.time, 40)}"
    facts = [("event", event_name(frame) + time)]
    if frame.since is not None:
        facts.append(("since", safe(frame.since, 60)))
    if frame.blocks is not None:
        start, stop = frame.blocks.start, frame.blocks.stop
        facts.append(("its CAR", f"bytes {start:,} to {stop:,} of the file"))
    return facts


def operation_lines(run: Run, frame: Frame) -> Iterator[str]:
    """Yield the operations of an event, each with its answer, and the steps back."""
    console = run.console
    if not frame.ops:
        return
    yield ""
    yield console.paint("head", f"Operations ({len(frame.ops) + frame.more_ops:,})")
    yield from _operations(console, frame, more=run.verbose)
    if frame.prev_data is None:
        return
    yield ""
    yield console.paint("head", "Undone, one after the other")
    numbers = frame.steps if run.verbose else frame.steps[:_SHOWN]
    for number in numbers:
        op = frame.ops[number]
        top = "" if op.undone is None else short_cid(op.undone)
        yield f"  {top}  after undoing {_what(op)}"
    if more := len(frame.steps) - len(numbers):
        yield console.paint("dim", f"  +{more:,} more, which -v shows")
    yield from wrapped(_end(frame), console.width, first="  ", after="  ")


def _end(frame: Frame) -> str:
    """Say what undoing came to."""
    assert frame.prev_data is not None  # noqa: S101 (the caller looked)
    before = short_cid(frame.prev_data)
    if frame.undone == "proved":
        return f"That is the tree before, {before} (prevData)."
    if frame.reached is not None:
        return f"That is not the tree before, {before} (prevData)."
    left = f"{len(frame.ops) - len(frame.steps):,} of {len(frame.ops):,}"
    return f"{left} cannot be undone: the tree before, {before}, is not reached."


def _operations(console: Console, frame: Frame, *, more: bool) -> Iterator[str]:
    """Yield a line for each operation, and why it is not proved."""
    shown = frame.ops if more else frame.ops[:_SHOWN]
    for op in shown:
        answer = console.paint(_STYLES[op.answer], f"{op.answer:<{_ANSWER}}")
        yield f"  {answer}  {_what(op)}"
        if op.answer != "proved" and op.why:
            indent = " " * (_ANSWER + 4)
            for line in wrapped(op.why, console.width, first=indent, after=indent):
                yield console.paint("dim", line)
    if rest := len(frame.ops) + frame.more_ops - len(shown):
        yield console.paint(
            "dim", f"  +{rest:,} more" + ("" if more else ", which -v shows")
        )


def _what(op: Operation) -> str:
    action = safe(op.action or "no action", 40)
    return f"{action:<{_ACTION}}  {safe(op.path or 'no path', _PATH)}"
