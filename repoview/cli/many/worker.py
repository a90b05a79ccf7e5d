"""The process that verifies one source after another, for `workers`.

It reads a pickled `Setup` and then a source a line, as JSON; it writes a line
when it is ready, and an `Outcome` a line, likewise. It ends with its input.
"""

from __future__ import annotations

import json
import os
import pickle
import signal
import sys
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, NoReturn

from repoview.cli.console import Console
from repoview.cli.many.outcome import Outcome
from repoview.cli.options.options import Run
from repoview.core.errors import RepoviewError, why_not_read
from repoview.core.repo.inside import inside
from repoview.processes import READY

if TYPE_CHECKING:
    from repoview.core.repo.repo import Repo
    from repoview.core.verify.verify import Checks


@dataclass(frozen=True, slots=True)
class Setup:
    """What a worker is to do with each source."""

    checks: Checks
    mem_limit: int
    """Of this process, as the next two."""

    disk_limit: int
    max_seconds: float | None
    """Of one source."""

    threads: int
    cache_dir: str | None
    form: str
    """How its outcome is printed: "text", "json" or "jsonl"."""

    is_summed: bool
    """Whether what else a source holds is counted too."""


def main() -> NoReturn:
    """Serve until the input ends."""
    # Ctrl-C is heard by the process that started this one, which then ends it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    setup: Setup = pickle.load(sys.stdin.buffer)  # noqa: S301 (of our own process)
    out = sys.stdout.buffer
    sys.stdout = sys.stderr
    try:
        out.write(READY)
        out.flush()
        for line in sys.stdin.buffer:
            outcome = verified(json.loads(line), setup)
            out.write(json.dumps(asdict(outcome)).encode() + b"\n")
            out.flush()
    except BrokenPipeError:
        # The parent process does not need the result any more.
        pass
    # Python would free every object of the last source first.
    os._exit(0)


def verified(source: str, setup: Setup) -> Outcome:
    """Verify one source; whatever goes wrong with it is an outcome too."""
    run = Run(
        Console(color=False),
        setup.mem_limit,
        setup.disk_limit,
        setup.cache_dir,
        no_cache=True,
        threads=setup.threads,
        quiet=True,
        max_seconds=setup.max_seconds,
    )
    try:
        with run.read(source, lambda _: None, setup.checks) as repo:
            outcome = _outcome(source, repo, setup)
            if repo.frame is not None and repo.frame.has_next:
                from repoview.core.repo.frames import following

                options = run.options(setup.checks, anew=True)
                for each in following(repo, options):
                    outcome = outcome.with_another(_outcome(source, each, setup))
            return outcome
    except RepoviewError as error:
        return Outcome(source, error.exit_code, error=str(error))
    # A panic of the compiled kernel is no `Exception`.
    except BaseException as error:  # noqa: BLE001 (one source is not the end)
        return Outcome(source, 1, error=why_not_read(error, source))


def _outcome(source: str, repo: Repo, setup: Setup) -> Outcome:
    from repoview.present import json_text, meaning_text, told_counts

    report, text = repo.report, ""
    if setup.form == "json":
        from repoview.cli.pages.as_json import report_object

        is_wanted = setup.is_summed and inside(repo).loaded.header is not None
        summary = repo.inventory.summary(lambda _: None) if is_wanted else None
        text = json_text(report_object(report, summary), None) + "\n"
    elif setup.form == "jsonl":
        objects = ({"source": source, **f.to_json()} for f in report.findings)
        text = "".join(json_text(each, None) + "\n" for each in objects)
    return Outcome(
        source,
        report.exit_code,
        report.verdict.value,
        meaning=meaning_text(report),
        bytes=report.counts.bytes,
        records=report.counts.records,
        findings=told_counts(report),
        did=None if report.commit is None else report.commit.did,
        text=text,
        shape=report.shape.value,
    )
