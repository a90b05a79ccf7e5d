"""A code explained: its rule, and why; causes, other readers, what to do about it.

For people in sections of sentences, which the command line and the pages in
`docs/findings` show alike; for programs as an object of JSON.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from repoview.core.findings.catalogue import CATALOGUE, Citation
from repoview.core.findings.explained import EXPLAINED
from repoview.core.findings.explained.readers import ALL
from repoview.core.findings.findings import Findings, Severity, finding
from repoview.core.verify.report import EXIT_CODES, judge
from repoview.core.wording import agreed
from repoview.present.advice import advice_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from repoview.core.findings.explained.readers import Behavior, Readers

_GRAVE: Final = (Severity.ERROR, Severity.FATAL)


class Section(NamedTuple):
    """A part of an explanation."""

    heading: str
    paragraphs: list[str]
    sources: tuple[Citation, ...] = ()
    """Where the specification says so."""


def weight_text(code: str) -> str:
    """Return the severity of *code*, and its exit code: "error, exit code 11"."""
    severity = CATALOGUE[code].severity
    if severity in _GRAVE:
        return f"{severity.value}, exit code {exit_code_of(code)}"
    return severity.value


def exit_code_of(code: str) -> int:
    """Return the exit code of a file with this finding, and no more severe one."""
    found = Findings()
    found.add(finding(code, ""))
    return EXIT_CODES[judge(found)]


def sections_of(code: str) -> list[Section]:
    """Return what is told of a code of the catalogue, section by section."""
    rule, explained = CATALOGUE[code], EXPLAINED[code]
    said = [each for each in (rule.must, rule.note) if each]
    sections = [
        Section("The rule", said, rule.sources),
        Section("Why the rule exists", [explained.why]),
        Section("How it comes about", [explained.cause]),
    ]
    if explained.readers is not None:
        told = readers_text(explained.readers)
        sections.append(Section("What other readers do", [told]))
    return [
        *sections,
        Section("What repoview does", [rule.recovery]),
        Section("What to do with the file", [owner_text(code)]),
        Section("What to do in software", [explained.fix]),
    ]


def why_text(code: str) -> str:
    """Return why the rule of a code exists."""
    return EXPLAINED[code].why


def owner_text(code: str) -> str:
    """Return what those can do who have the file."""
    return advice_text(finding(code, ""))


def readers_text(readers: Readers) -> str:
    """Return what other readers do, in sentences."""
    said = []
    if readers.detect == ALL:
        said.append("All that were compared detect it.")
    else:
        found = list(readers.detecting())
        able = [each for each in found if not each.crashes]
        crashing = [each for each in found if each.crashes]
        if able:
            said.append(f"{_names(able)} {agreed(len(able), 'detects', 'detect')} it.")
        if crashing:
            crash = agreed(len(crashing), "crashes", "crash")
            said.append(f"{_names(crashing)} {crash} on it.")
        if not found:
            said.append("None that was compared detects it.")
    if missing := list(readers.missing()):
        said.append(f"{_names(missing)} {agreed(len(missing), 'does', 'do')} not.")
    return " ".join([*said, readers.note]).strip()


def _names(behaviors: Iterable[Behavior]) -> str:
    """Return the names of readers: "atcute, indigo (by its source) and arroba"."""
    *most, last = (
        f"{each.reader.name} (by its source)" if each.by_source else each.reader.name
        for each in behaviors
    )
    return f"{', '.join(most)} and {last}" if most else last


def rule_object(code: str) -> dict[str, Any]:
    """Return the rule of a code as `rules.json` has it."""
    rule = CATALOGUE[code]
    return {
        "id": rule.id,
        "code": code,
        "title": rule.title,
        "severity": rule.severity.value,
        "scope": rule.scope.value,
        "must": rule.must,
        "sources": [
            {"spec": each.name, "section": each.section or None, "url": each.url}
            for each in rule.sources
        ],
    }


def explained_object(code: str) -> dict[str, Any]:
    """Return all that is told of a code, as `explain --json` prints it."""
    rule, explained = CATALOGUE[code], EXPLAINED[code]
    readers = explained.readers
    return {
        **rule_object(code),
        "exit_code": exit_code_of(code),
        "note": rule.note or None,
        "why": explained.why,
        "cause": explained.cause,
        "readers": None if readers is None else _readers_object(readers),
        "recovery": rule.recovery,
        "owner": owner_text(code),
        "software": explained.fix,
    }


def _readers_object(readers: Readers) -> dict[str, Any]:
    return {
        "all_detect": readers.detect == ALL,
        "detect": [_behavior_object(each) for each in readers.detecting()],
        "miss": [_behavior_object(each) for each in readers.missing()],
        "note": readers.note or None,
    }


def _behavior_object(behavior: Behavior) -> dict[str, Any]:
    return {
        "name": behavior.reader.name,
        "language": behavior.reader.language,
        "versions": behavior.reader.versions,
        "crashes": behavior.crashes,
        "by_source": behavior.by_source,
    }
