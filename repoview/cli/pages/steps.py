"""The steps of a walk, a look-up, a proof, a stream or a diff, a line each."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from repoview.core.diff.diff import diff_steps
from repoview.core.errors import NotFound
from repoview.core.inventory.streaming import BlockCame
from repoview.core.repo.walk_places import WalkPlaces
from repoview.core.trees.lookup import look_up
from repoview.core.trees.walk import walk
from repoview.present import count_text, json_text
from repoview.present.steps.objects import step_object
from repoview.present.steps.telling import told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from repoview.cli.console import Paint
    from repoview.cli.options.options import Run
    from repoview.cli.options.stepping import Asked, OrderOfStream
    from repoview.core.repo.repo import Repo
    from repoview.present.steps.telling import AnyStep

_STYLES: Final = {"✓": "fine", "★": "good", "✗": "bad", "∅": "doubt", "»": "good"}


def print_steps(
    asked: Asked, run: Run, repo: Repo, new: Repo | None = None, *, as_json: bool
) -> None:
    """Print the first of the steps, and say how many are left.

    Args:
        asked: Which.
        run: Where they are printed.
        repo: What they are of; of a diff the old one.
        new: The new one; None for anything but a diff.
        as_json: Whether they are printed as one object.

    Raises:
        LimitExceeded: There are too many blocks to sort them.
        NotFound: There is no tree.
    """
    steps = _steps(asked, repo) if new is None else diff_steps(repo.tree, new.tree)
    shown = islice(steps, asked.first)
    if as_json:
        objects = list(map(step_object, shown))
        left = _left(asked, repo, len(objects), steps)
        facts: dict[str, Any] = {"source": repo.name, "kind": asked.kind}
        facts["path"] = asked.path if new is None else None
        if new is not None:
            facts["new"] = new.name
        facts |= {"order": _order(asked), "steps": objects, "left": left}
        run.console.line(json_text(facts))
        return
    number = 0
    for number, step in enumerate(shown, 1):
        run.console.line(_line(run.console.paint, number, step, repo))
    left = _left(asked, repo, number, steps)
    if left != 0 and not run.quiet:
        more = "more steps" if left is None else count_text(left, "more step")
        run.parting.insert(0, f"{more} not printed: --first N prints others")


def _order(asked: Asked) -> OrderOfStream | None:
    return (asked.order or "file") if asked.kind == "stream" else None


def _steps(asked: Asked, repo: Repo) -> Iterator[AnyStep]:
    key = (asked.path or "").encode(errors="surrogatepass")
    if asked.kind == "stream":
        return repo.inventory.stream_steps(asked.order or "file")
    if asked.kind == "proof":
        return repo.proof_steps(key)
    if not len(repo.tree):
        raise NotFound(f"{repo.name} has no tree")
    if asked.kind == "look-up":
        return look_up(repo.tree, key)
    return walk(repo.tree, key)


def _left(
    asked: Asked, repo: Repo, printed: int, steps: Iterator[AnyStep]
) -> int | None:
    """Return how many steps follow; None where only taking them would tell."""
    step = next(steps, None)
    if step is None:
        return 0
    if isinstance(step, BlockCame):
        return step.of + 1 - printed
    if asked.kind != "walk":
        return 1 + sum(1 for _ in steps)
    places = WalkPlaces(repo)
    return len(places) - printed if places.are_known and not asked.path else None


def _line(paint: Paint, number: int, step: AnyStep, repo: Repo) -> str:
    said = told(step, repo)
    held = ""
    if said.held is not None:
        held = f"; held: {said.held[0]:,} ({said.held[1]:,} bytes)"
    sign = paint(_STYLES.get(said.sign, "bold"), said.sign)
    return f"{paint('dim', f'{number:>6}')} {sign} {said.says}{paint('dim', held)}"
