"""The tree as a diagram: on the terminal, or into a file."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from repoview.cli.console import NARROW
from repoview.cli.options.file_type import TextType
from repoview.cli.words import no_record
from repoview.core.repo.tree import drawing_of
from repoview.diagram.text import LEGEND, rows_of_text
from repoview.export.destination import written_beside
from repoview.export.writing import refuse_source
from repoview.present import safe, size_text
from repoview.signals import on_ending

if TYPE_CHECKING:
    from collections.abc import Iterator

    from repoview.cli.console import Paint
    from repoview.cli.options.options import Run
    from repoview.core.repo.repo import Repo

_MOST: Final = (2_000, 1_000)
_LEAST: Final = 40
"""Columns and lines of the largest diagram, columns of the smallest."""

_FILE: Final = (160, 0)
"""Columns and lines of a file; 0 for as many as it takes."""

_SUFFIXES: Final = (".svg", ".dot", ".txt")

_STYLES: Final = {
    "band": "head",
    "box": "dim",
    "line": "dim",
    "way": "bold",
    "focus": "bold",
    "link": "fine",
    "no-link": "dim",
    "more": "dim",
    "chosen": "good",
    "hole": "bad",
    "lost": "bad",
}
"""Style of a diagram → that of the console; collections are all of one."""


class Size(TextType[tuple[int, int]]):
    """Columns and lines: 160x50, 200x0."""

    name = "size"

    def read(self, text: str) -> tuple[int, int]:
        """Return both, or refuse what is no size."""
        columns, _, lines = text.lower().partition("x")
        is_size = columns.isdecimal() and lines.isdecimal() and len(text) < 20
        size = (int(columns), int(lines)) if is_size else (0, 0)
        if not _LEAST <= size[0] <= _MOST[0] or size[1] > _MOST[1]:
            raise ValueError(
                f"{text} is no size: say 160x50, or 160x0 for as many lines as it "
                f"takes; from {_LEAST} columns to {_MOST[0]:,}, and {_MOST[1]:,} lines"
            )
        return size


class Diagram:
    """Where a diagram goes, and how large it is.

    Args:
        run: Where it prints.
        source: Must not be written over.
        destination: A file; None for the terminal.
        size: Columns and lines; None for what suits that.
        force: Whether a file may be overwritten.

    Raises:
        UsageError: The suffix of the file names no form.
    """

    def __init__(
        self,
        run: Run,
        source: str,
        destination: str | None,
        size: tuple[int, int] | None,
        *,
        force: bool,
    ) -> None:
        self._run, self._force = run, force
        self._path = None if destination is None else Path(destination)
        if self._path is not None:
            if self._path.suffix.lower() not in _SUFFIXES:
                raise click.UsageError(
                    f"the suffix of {safe(str(destination), 200)} names no form of "
                    f"a diagram: {', '.join(_SUFFIXES[:-1])} or {_SUFFIXES[-1]}"
                )
            refuse_source(source, self._path)
        self._size = size or (_FILE if self._path else (_columns(run), 0))

    def draw(self, repo: Repo, path: str | None) -> None:
        """Draw the tree, or the part of it around a path.

        Raises:
            NotFound: No record has the path; it is drawn nonetheless.
        """
        if not len(repo.tree):
            return
        if self._path is None:
            drawn = drawing_of(repo.tree, path, *self._size)
            lines = (
                "".join(_painted(self._run.console.paint, *span) for span in row)
                for row in rows_of_text(drawn)
            )
            self._run.console.lines(lines)
            self._run.console.lines(["", *_legend(self._run.console.paint)])
        else:
            self._write(repo, path, self._path)
        if path is not None and repo.find(path) is None:
            raise no_record(repo, path)

    def _write(self, repo: Repo, path: str | None, to: Path) -> None:
        text = self._text(repo, path, to.suffix.lower()).encode()
        with on_ending(), written_beside(to, force=self._force) as file:
            file.write(text)
        if not self._run.quiet:
            told = f"wrote {to}: {size_text(len(text))}"
            self._run.parting.insert(0, told)

    def _text(self, repo: Repo, path: str | None, suffix: str) -> str:
        tree, (width, height) = repo.tree, self._size
        if suffix == ".svg":
            return tree.to_svg(path, width=width, height=height)
        if suffix == ".dot":
            return tree.to_dot(path, width=width, height=height)
        rows = rows_of_text(drawing_of(tree, path, width, height))
        return "".join(f"{''.join(span.text for span in row)}\n" for row in rows)


def _columns(run: Run) -> int:
    """Return the width of the terminal, all of it."""
    if not run.console.is_terminal:
        return NARROW
    columns = shutil.get_terminal_size((NARROW, 24)).columns
    return max(_LEAST, min(columns, _MOST[0]))


def _painted(paint: Paint, text: str, style: str) -> str:
    if style.startswith("group-"):
        return paint("name", text)
    return paint(_STYLES[style], text) if style in _STYLES else text


def _legend(paint: Paint) -> Iterator[str]:
    yield "   ".join(
        f"{_painted(paint, sign, style)} {paint('dim', says)}"
        for sign, style, says in LEGEND
    )
