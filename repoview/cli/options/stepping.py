"""The options that ask for steps, and what they ask for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

import click

from repoview.cli.options.option_types import Whole
from repoview.cli.words import path_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from repoview.core.repo.repo import Repo

KindOfSteps: TypeAlias = Literal["walk", "look-up", "proof", "stream", "diff"]
KINDS: Final[tuple[KindOfSteps, ...]] = ("walk", "look-up", "proof", "stream", "diff")
OrderOfStream: TypeAlias = Literal["file", "walk", "cid"]
ORDERS: Final[tuple[OrderOfStream, ...]] = ("file", "walk", "cid")

FIRST: Final = 1_000
MOST: Final = 100_000
"""Steps that are printed unless told otherwise, and at most."""


def steps_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options; `asked_of` takes their values."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


_OPTIONS: Final = (
    click.option(
        "--steps",
        type=click.Choice(KINDS),
        help="Print each step of a walk, a look-up, a proof, a streaming reader, or "
        "a diff from SOURCE to another.",
    ),
    click.option(
        "--order", type=click.Choice(ORDERS), help="In which blocks stream [file]."
    ),
    click.option(
        "--first",
        type=Whole(1, MOST),
        metavar="N",
        help=f"Print so many steps at most [{FIRST:,}].",
    ),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which steps are asked for.

    Raises:
        UsageError: The path or the order does not go with the kind.
    """

    kind: KindOfSteps
    path: str | None
    """A repo path, there or not; for a diff, the source to compare with."""

    order: OrderOfStream | None
    first: int

    def __post_init__(self) -> None:
        if self.kind in {"look-up", "proof"} and self.path is None:
            raise click.UsageError(f"--steps {self.kind} takes a PATH, there or not")
        if self.kind == "stream" and self.path is not None:
            raise click.UsageError("--steps stream is of all blocks: it takes no PATH")
        if self.kind == "diff" and self.path is None:
            raise click.UsageError("--steps diff takes two sources: mst OLD NEW")
        if self.kind != "stream" and self.order is not None:
            raise click.UsageError("--order is that of --steps stream")

    def of(self, repo: Repo) -> Asked:
        """Return the same, with the path where it is an AT URI of a repository."""
        if self.path is None:
            return self
        return replace(self, path=path_in(repo, self.path))


def asked_of(
    path: str | None,
    steps: KindOfSteps | None,
    order: OrderOfStream | None,
    first: int | None,
) -> Asked | None:
    """Return what is asked for; None if it is no steps.

    Raises:
        UsageError: The options do not go together.
    """
    if steps is not None:
        return Asked(steps, path, order, first or FIRST)
    if order is not None or first is not None:
        raise click.UsageError("--order and --first are those of --steps")
    return None
