"""`repoview verify` of several sources, or of a folder of them: a line each."""

from __future__ import annotations

from itertools import chain, islice
from typing import TYPE_CHECKING, Final

import click

from repoview.cli.many.lines import Totals, outcome_lines
from repoview.cli.many.meter import Meter
from repoview.cli.many.worker import Setup
from repoview.cli.many.workers import Workers
from repoview.cli.reading import STANDARD_INPUT
from repoview.core import limits
from repoview.core.verify.report import gravest
from repoview.listing import listed
from repoview.present import json_text
from repoview.processes import processors
from repoview.signals import on_ending

if TYPE_CHECKING:
    from collections.abc import Sequence

    from repoview.cli.many.outcome import Outcome
    from repoview.cli.options.options import Run
    from repoview.core.verify.verify import Checks

_LEAST_MEMORY: Final = 16 * limits.MiB
"""Of a process; less would be used up by buffers."""


def verify_many(run: Run, sources: Sequence[str], checks: Checks, form: str) -> None:
    """Verify all *sources*, print each outcome, and end with the most severe code.

    Args:
        run: This one.
        sources: Files, addresses, and folders.
        checks: What to check of each.
        form: "text", "json" (an object a source) or "jsonl" (one a finding).
    """
    if STANDARD_INPUT in sources:
        raise click.UsageError("standard input cannot be combined with other sources")
    found = listed(sources)
    # No more processes than there are sources.
    first = list(islice(found, limits.MOST_THREADS))
    count = _processes(run, len(first))
    printer = _Printer(run, form)
    meter = Meter(run.bar_stream(), sources, printer.totals)
    setup = _setup(run, checks, count, form)
    with on_ending(), Workers(setup, count, verbose=run.verbose) as workers:
        try:
            for outcome in workers.outcomes(chain(first, found), meter.wait):
                with meter.aside():
                    printer.print(outcome)
        finally:
            meter.erase()
    printer.finish(checks)


def _processes(run: Run, sources: int) -> int:
    """Return how many processes share the work, and so the limits."""
    wanted = run.threads or processors()
    room = run.mem_limit // _LEAST_MEMORY
    return max(1, min(wanted, limits.MOST_THREADS, sources, room))


def _setup(run: Run, checks: Checks, count: int, form: str) -> Setup:
    """Return what one of *count* processes may take, and is to do."""
    return Setup(
        checks,
        run.mem_limit // count,
        run.disk_limit // count,
        run.max_seconds,
        max(1, (run.threads or processors()) // count),
        run.cache_dir,
        form,
        run.verbose,
    )


class _Printer:
    """Prints outcomes as they come, and what is to be said of all of them."""

    def __init__(self, run: Run, form: str) -> None:
        self.totals = Totals()
        self._run = run
        self._form = form
        self._did: str | None = None
        self._has_several = False

    def print(self, outcome: Outcome) -> None:
        """Print one outcome, and count it."""
        run, console = self._run, self._run.console
        run.exit_code = gravest((run.exit_code, outcome.exit_code))
        if not outcome.is_folder:
            self._print(outcome)
        if outcome.error:
            console.note(outcome.error)

    def _print(self, outcome: Outcome) -> None:
        run, console = self._run, self._run.console
        self.totals.add(outcome)
        if outcome.did is not None:
            self._has_several |= self._did not in {None, outcome.did}
            self._did = outcome.did
        if self._form == "text":
            if outcome.exit_code or not run.quiet:
                console.lines(outcome_lines(console, outcome, more=run.verbose))
        elif outcome.verdict is None:
            console.line(json_text(outcome.to_error(), None))
        else:
            console.out.write(outcome.text)
        # So that each line can be read before the last source is done.
        console.out.flush()

    def finish(self, checks: Checks) -> None:
        """Print the totals, and what is likely to be a mistake."""
        run = self._run
        if self._form == "text" and self.totals.sources and not run.quiet:
            run.console.line(self.totals.line())
        if self._has_several and (said := _of_one_account(checks)):
            run.parting.append(
                f"these sources are of several accounts, and {said} is of one: "
                "verify the sources of each account by themselves"
            )


def _of_one_account(checks: Checks) -> str:
    """Return the option that is about one account; "" for none."""
    for value, option in (
        (checks.key, "--key"),
        (checks.document, "--did-doc"),
        (checks.did, "--did"),
        (checks.rev, "--rev"),
    ):
        if value is not None:
            return option
    return ""
