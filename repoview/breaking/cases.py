"""The files that are broken on purpose, by the family of their rule."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from repoview.core.findings.catalogue import CATALOGUE, FAMILIES
from repoview.core.findings.names import UnknownCode, codes_named
from repoview.corpus import CASES, LIGHT_CASES, Case
from repoview.corpus.manifest import LARGE, WITHOUT_A_FILE, name_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = [
    "SHOWN",
    "Case",
    "Group",
    "NoCase",
    "cases_named",
    "data_of",
    "found",
    "grouped",
    "title_for",
]

_LETTERS: Final = 3
"""Of a code, which all of its family share."""

SHOWN: Final = tuple(
    sorted(
        (case for case in CASES if case in LIGHT_CASES or case.id in LARGE),
        key=lambda case: list(CATALOGUE).index(case.code),
    )
)
"""All but the files that take long, in the order of the catalogue."""


class NoCase(ValueError):
    """A name that leads to no file; the message is a sentence."""


class Group(NamedTuple):
    """A family of rules, and files that break them."""

    family: str
    """Its letters."""

    about: str
    cases: Sequence[Case]


def grouped(cases: Iterable[Case]) -> list[Group]:
    """Return cases by the family of their rule; families without any are left out."""
    kept = list(cases)
    groups = (
        Group(family, about, [case for case in kept if case.code[:_LETTERS] == family])
        for family, about in FAMILIES.items()
    )
    return [group for group in groups if group.cases]


def found(typed: str) -> list[Case]:
    """Return the cases that have all words of a text in their code, rule or fault.

    In capitals, letters that codes begin with stand for these codes alone.
    """
    if typed.isupper() and any(code.startswith(typed) for code in CATALOGUE):
        return [case for case in SHOWN if case.code.startswith(typed)]
    words = typed.lower().split()
    return [case for case in SHOWN if all(word in _text(case) for word in words)]


def _text(case: Case) -> str:
    rule = CATALOGUE[case.code]
    family = FAMILIES[case.code[:_LETTERS]]
    severity = f"{case.severity} {case.verdict}"
    told = (name_of(case), rule.id, rule.title, case.fact, severity, family)
    return " ".join(told).lower()


def cases_named(name: str) -> list[Case]:
    """Return the case of a name, or all of a code, the id of a rule, or a family.

    Raises:
        NoCase: There is none.
    """
    called = name.strip().lower().replace("_", "-")
    named = [case for case in SHOWN if name_of(case).lower() == called]
    if named:
        return named
    try:
        codes = codes_named(name)
    except UnknownCode as error:
        raise NoCase(str(error)) from None
    if kept := [case for case in SHOWN if case.code in codes]:
        return kept
    why = WITHOUT_A_FILE.get(codes[0], "it would be too large")
    raise NoCase(f"no file is there that breaks the rule of {codes[0]}: {why}")


def data_of(case: Case, *, is_twin: bool = False) -> bytes:
    """Return the bytes of the file of a case, or of what it is without the fault."""
    return case.twin.data if is_twin else case.build().data


def title_for(case: Case, *, is_twin: bool = False) -> str:
    """Return the name under which the explorer shows such a file."""
    return f"{name_of(case)}{' (sound twin)' if is_twin else ''}"
