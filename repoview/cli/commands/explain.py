"""`repoview explain`: what a code means, how it comes about, what to do about it."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final

import click

from repoview.cli.command import Command
from repoview.cli.options.code_name import CodeName
from repoview.cli.options.options import Run, common_options
from repoview.cli.pages.as_json import json_array
from repoview.cli.pages.found import STYLES
from repoview.core.findings.catalogue import CATALOGUE, FAMILIES
from repoview.present import safe, wrapped

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from repoview.core.findings.catalogue import Rule

_FAMILY: Final = 3
"""Letters in front of a code that all of its family share."""

EXAMPLES: Final = """\
Examples:
  repoview explain MST014
  repoview explain blk001 mst-key-in-range      codes and rule ids, in any case
  repoview explain MST                          the codes of a family
  repoview explain                              all codes
  repoview explain --all | less                 all of them, explained
  repoview explain --json > rules.json
"""


@click.command(cls=Command, epilog=EXAMPLES)
@click.argument("codes", metavar="[CODE]...", type=CodeName(), nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Explain every code.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON array.")
@common_options
def command(
    run: Run, codes: tuple[tuple[str, ...], ...], *, everything: bool, as_json: bool
) -> None:
    """Tell what each CODE means, how it comes about and what to do about it.

    A CODE is that of a finding, the id of its rule, or the letters of a family,
    whose codes are listed. Without one, all codes are.
    """
    named = [*codes, *([tuple(CATALOGUE)] if everything or not codes else [])]
    chosen = dict.fromkeys(code for each in named for code in each)
    if as_json:
        from repoview.present.explained import explained_object

        run.console.out.write("".join(json_array(map(explained_object, chosen))))
        return
    if everything:
        run.console.lines(_pages(run, chosen))
        return
    single = dict.fromkeys(code for each in codes if len(each) == 1 for code in each)
    listed = [code for code in chosen if code not in single]
    run.console.lines(_list(run, [CATALOGUE[code] for code in listed]))
    if listed and single:
        run.console.line()
    run.console.lines(_pages(run, single))


def _list(run: Run, rules: Iterable[Rule]) -> Iterator[str]:
    """Yield codes with severity and title, family by family."""
    paint, width = run.console.paint, run.console.width
    lead = ""
    for family, same in groupby(rules, key=lambda rule: rule.code[:_FAMILY]):
        yield f"{lead}{paint('head', f'{family}: {FAMILIES[family]}')}"
        lead = "\n"
        for rule in same:
            severity = rule.severity.value
            first = f"  {rule.code}  {severity:<7}  "
            line, *rest = wrapped(
                rule.title, width, first=first, after=" " * len(first)
            )
            yield line.replace(rule.code, paint(STYLES[severity], rule.code), 1)
            yield from rest


def _pages(run: Run, codes: Iterable[str]) -> Iterator[str]:
    """Yield the explanation of each code, with an empty line between two."""
    lead: tuple[str, ...] = ()
    for code in codes:
        yield from lead
        yield from _page(run, code)
        lead = ("", "")


def _page(run: Run, code: str) -> Iterator[str]:
    """Yield the explanation of one code."""
    from repoview.present.explained import sections_of, weight_text

    rule, (paint, width) = CATALOGUE[code], (run.console.paint, run.console.width)
    line, *rest = wrapped(f"{code} {weight_text(code)}: {rule.title}", width)
    yield line.replace(code, paint(STYLES[rule.severity.value], code), 1)
    yield from rest
    yield paint("dim", f"Rule {rule.id}")
    for section in sections_of(code):
        yield ""
        yield paint("head", section.heading)
        for text in section.paragraphs:
            yield from wrapped(text, width, first="  ", after="  ")
        for source in section.sources:
            yield from wrapped(safe(str(source)), width, first="  See ", after="    ")
            # As it is, however narrow the terminal: it is to be followed.
            yield paint("dim", f"    {source.url}")
