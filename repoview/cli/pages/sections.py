"""Sections of text as lines: headings, wrapped paragraphs, rows of bits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from repoview.present import wrapped

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from repoview.cli.console import Paint
    from repoview.cli.options.options import Run
    from repoview.present.seeing.page import Page
    from repoview.present.styled import Section

_STYLES: Final = {
    "head": "head",
    "name": "name",
    "good": "fine",
    "bad": "bad",
    "dim": "dim",
    "bright": "bold",
    "lit": "good",
}


def print_page(run: Run, page: Page) -> None:
    """Print a page."""
    print_sections(run, page.sections)


def print_sections(run: Run, sections: Iterable[Section]) -> None:
    """Print sections."""
    console = run.console
    console.lines(section_lines(sections, console.paint, console.width))


def section_lines(
    sections: Iterable[Section], paint: Paint, width: int
) -> Iterator[str]:
    """Yield sections as lines, with an empty one between two.

    Args:
        sections: What is to be printed.
        paint: The colors.
        width: Columns to wrap paragraphs to.
    """
    lead: tuple[str, ...] = ()
    for section in sections:
        yield from lead
        yield paint("head", section.heading)
        for line in section.lines:
            if isinstance(line, str):
                yield from wrapped(line, width, first="  ", after="  ")
            else:
                pieces = (
                    paint(_STYLES[piece.style], piece.text)
                    if piece.style
                    else piece.text
                    for piece in line.pieces
                )
                yield "  " + "".join(pieces)
        lead = ("",)
