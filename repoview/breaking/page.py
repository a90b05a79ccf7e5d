"""A page about one fault: the file, its bytes, the verdict, the rule, its reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from repoview.breaking.beside import cells, pair_of
from repoview.breaking.hex_rows import beside_rows
from repoview.breaking.judged import held_to, judge
from repoview.core.findings.catalogue import CATALOGUE
from repoview.core.wording import count_text
from repoview.corpus.manifest import name_of
from repoview.present.explained import sections_of
from repoview.present.styled import Piece, Row, Section
from repoview.present.text import safe

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from repoview.breaking.judged import Judged
    from repoview.corpus import Case

MOST_FINDINGS: Final = 6


def title_of(case: Case) -> str:
    """Return the code of a case, and what is wrong in a few words."""
    return f"{case.code} {case.severity}: {CATALOGUE[case.code].title}"


def page_of(cases: Iterable[Case], width: int) -> list[Section]:
    """Return all that is told of cases; of each rule once, behind its last one.

    Args:
        cases: In the order of their codes.
        width: Columns that there are.
    """
    kept = list(cases)
    sections: list[Section] = []
    for number, case in enumerate(kept):
        sections += case_sections(case, width)
        if number + 1 == len(kept) or kept[number + 1].code != case.code:
            sections += rule_sections(case.code)
    return sections


def case_sections(case: Case, width: int) -> Iterator[Section]:
    """Yield what was broken, the bytes of both files, and what is said of each."""
    broken, twin = case.build(), case.twin
    data, sound = broken.data, twin.data
    yield Section(
        f"What was broken: {name_of(case)}",
        [case.fact, *_about(case, data, sound)],
    )
    pair = pair_of(twin, broken)
    if data != sound:
        rows = beside_rows(sound, data, cells(sound, data, pair), pair.focus, width)
        yield Section("The bytes", [*rows, *_elsewhere(pair.others)])
    yield Section(
        "What repoview says",
        [
            *_said("The broken file", judge(data, case), case.code),
            *_said("The sound twin", judge(sound, case), case.code),
        ],
    )


def rule_sections(code: str) -> Iterator[Section]:
    """Yield the rule of a code, why it exists, and what is done about it."""
    for told in sections_of(code):
        links = [f"See {source}: {source.url}" for source in told.sources]
        yield Section(told.heading, [*told.paragraphs, *links])


def _about(case: Case, data: bytes, sound: bytes) -> Iterator[str]:
    """Yield sizes, and what the files are judged with."""
    sizes = f"{count_text(len(data), 'byte')}; the sound twin has {len(sound):,}"
    held = held_to(case)
    yield f"{sizes}. Both are judged with {safe(held, 200)}." if held else f"{sizes}."
    if data == sound:
        yield "Both have the same bytes: the fault is not in the file."


def _elsewhere(others: int) -> Iterator[str]:
    if others:
        parts = count_text(others, "other part")
        yield (
            f"{parts} of the file {'differ' if others > 1 else 'differs'}, too: a CID "
            "is a hash, so what links to a changed block changes with it."
        )


def _said(name: str, judged: Judged, code: str) -> Iterator[str | Row]:
    """Yield what is said of a file: the finding that it is about comes first."""
    lead = f"{name}: exit code {judged.exit_code}"
    yield Row(
        [Piece(f"✓ {lead}", "good") if judged.is_sound else Piece(f"✗ {lead}", "bad")]
    )
    yield judged.verdict
    shown = sorted(judged.findings, key=lambda each: each[0] != code)[:MOST_FINDINGS]
    for its, headline, place in shown:
        sign = "→" if its == code else "·"
        yield f"{sign} {headline}{f' ({place})' if place else ''}"
    if len(judged.findings) > len(shown):
        yield f"· and {count_text(len(judged.findings) - len(shown), 'more finding')}"
