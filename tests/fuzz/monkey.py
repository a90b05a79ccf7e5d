"""Monkey testing: random input to the real program, on a pseudo-terminal.

Run it as ``uv run python -m tests.fuzz.monkey --sessions 100``. The seed and the
number of a session determine its file, its events, and in a third of them how
the file changes meanwhile. ``--only 12`` repeats one, ``--upto 140`` only its
first events. It exits with 1, and names the sessions, if

- the program exited without being asked to, or with an exit code that its file
  does not give,
- there was a traceback, or it reported a fault of its own,
- the screen was blank, or there was no response to a key or a resize,
- unescaped control characters reached the terminal, or
- the terminal was not restored.

The seed determines when the file changes and events come, but not how far the
program is by then. So it may take a few runs to reproduce a failure.
"""

from __future__ import annotations

import argparse
import math
import sys
import time
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from tests.fuzz.monkey_session import Bad, Session

if TYPE_CHECKING:
    from collections.abc import Sequence


def is_huge(number: int) -> bool:
    """Whether the file of a session is the very large one."""
    return number % 60 == 30


def run_one(
    seed: int, number: int, count: int, *, upto: int | None = None, huge: bool = True
) -> tuple[Session, str]:
    """Run a session, and return it with what was wrong; "" for nothing."""
    with TemporaryDirectory(prefix="repoview-monkey-") as folder:
        large = huge and is_huge(number)
        session = Session(seed, number, count, Path(folder), is_huge=large)
        try:
            session.run(upto)
        except Bad as bad:
            return session, str(bad)
        return session, ""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.monkey")
    parser.add_argument("--seed", type=int, default=1, help="gives other sessions")
    parser.add_argument("--sessions", type=int, default=20, help="how many")
    parser.add_argument("--events", type=int, default=300, help="in each of them")
    parser.add_argument("--first", type=int, default=0, help="number of the first")
    parser.add_argument(
        "--minutes", type=float, default=math.inf, help="begin none later"
    )
    parser.add_argument("--only", type=int, help="the number of a single session")
    parser.add_argument("--upto", type=int, help="end after so many events")
    parser.add_argument("--no-huge", action="store_true", help="without large files")
    parser.add_argument("--traces", type=Path, help="a folder for bad sessions' events")
    options = parser.parse_args(arguments)
    ends_at = time.monotonic() + 60 * options.minutes
    numbers = range(options.first, options.first + options.sessions)
    came: Counter[str] = Counter()
    begun = time.monotonic()
    for number in numbers if options.only is None else [options.only]:
        if time.monotonic() > ends_at:
            break
        session, bad = run_one(
            options.seed,
            number,
            options.events,
            upto=options.upto,
            huge=not options.no_huge,
        )
        came["sessions"] += 1
        came["events"] += len(session.events)
        came["with a file that changes"] += bool(session.changes)
        if bad:
            came["bad"] += 1
            _tell(options.seed, number, session, bad, options.traces)
    counts = ", ".join(f"{n:,} {what}" for what, n in came.items() if what != "bad")
    took = time.monotonic() - begun
    sys.stdout.write(
        f"seed {options.seed}: {counts}; {came['bad']:,} bad; {took:,.0f} s\n"
    )
    return 1 if came["bad"] else 0


def _tell(
    seed: int, number: int, session: Session, bad: str, folder: Path | None
) -> None:
    """Print what was wrong, and how to reproduce it."""
    ran = len(session.trace)
    sys.stdout.write(f"session {number} ({session.kind}, {ran} events): {bad}\n")
    sys.stdout.write(f"    again: --seed {seed} --only {number}\n")
    if folder is None:
        sys.stdout.writelines(f"    {line}\n" for line in session.trace[-12:])
    else:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{seed}-{number}.txt"
        lines = [bad, *session.trace, session.says]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
