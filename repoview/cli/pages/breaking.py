"""The broken files of `repoview learn --break`: as a list, or as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from repoview.breaking.cases import NoCase, cases_named, found, grouped
from repoview.breaking.page import page_of, title_of
from repoview.cli.options.option_types import Refused
from repoview.cli.pages.found import STYLES
from repoview.cli.pages.sections import print_sections
from repoview.present import wrapped

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from repoview.breaking.cases import Case
    from repoview.cli.options.options import Run

_INDENT = 2
"""Columns in front of the lines of a section."""


def cases_of(names: Sequence[str]) -> list[Case]:
    """Return what names stand for, each case once; all for none.

    Raises:
        Refused: A name leads to no file.
    """
    try:
        cases = {case.id: case for name in names for case in cases_named(name)}
    except NoCase as error:
        raise Refused(str(error)) from None
    return [*cases.values()] if names else found("")


def list_cases(run: Run, cases: Iterable[Case]) -> None:
    """List cases by family: code, severity, fault, and the name to print it by."""
    paint, width = run.console.paint, run.console.width
    lead = ""
    for group in grouped(cases):
        run.console.line(f"{lead}{paint('head', f'{group.family}: {group.about}')}")
        lead = "\n"
        for case in group.cases:
            first = f"  {case.code}  {case.severity:<7}  "
            line, *rest = wrapped(case.fact, width, first=first, after=" " * len(first))
            code = paint(STYLES[case.severity], case.code)
            run.console.lines([line.replace(case.code, code, 1), *rest])


def print_cases(run: Run, cases: Sequence[Case]) -> None:
    """Print the pages of cases; of each rule once."""
    console = run.console
    if len({case.code for case in cases}) == 1:
        console.lines([console.paint("head", title_of(cases[0])), ""])
    print_sections(run, page_of(cases, console.width - _INDENT))
