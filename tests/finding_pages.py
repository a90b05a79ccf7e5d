"""The pages of `docs/findings`, and `rules.json`, as they are made of the catalogue.

``python -m tests.finding_pages`` writes them again.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Final

from repoview.core.findings.catalogue import CATALOGUE, FAMILIES, NOT_USED
from repoview.core.findings.explained.readers import READERS
from repoview.present.explained import rule_object, sections_of, weight_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from repoview.present.explained import Section

FOLDER: Final = Path(__file__).resolve().parents[1] / "docs" / "findings"
INDEX: Final = "README.md"
RULES: Final = "rules.json"

HEAD: Final = """\
# Findings

Every fact that repoview reports about a file has one of these codes, and every code has a rule.
Codes and ids of rules are never renumbered or used again.
`repoview explain CODE` tells the same as the page of a code.

*Severity* is the usual one; profile, policy or place may shift it.
The number is the exit code if nothing graver was found; one that is fatal gives 12.

These pages and [rules.json](rules.json) are made of the catalogue by `python -m tests.finding_pages`.
"""  # noqa: E501 (a sentence is a line)

SCHEMA: Final = """\
## rules.json

Every rule for other tools: `{"version": 1, "rules": [...]}`, a rule a code, in the order of the lists above.
`version` becomes 2 if a field goes or changes its meaning; more fields may come.

| field | what it is |
|---|---|
| `id` | the stable name of the rule, of small letters, digits and hyphens: `mst-key-in-range` |
| `code` | the code of its findings: `MST014` |
| `title` | what is wrong where it is broken, in a few words |
| `severity` | `info`, `warning`, `error` or `fatal`: what a finding of it usually weighs |
| `scope` | what an error of it is about: `container`, `tree`, `missing` or `record`; it decides the exit code |
| `must` | what must be, should be or may be, in one sentence |
| `sources` | who says so: `spec`, `section` (or null) and `url` of each; empty for what is repoview's own |

`repoview explain --json` has more of each: `exit_code`, `note`, `why`, `cause`, `readers`, `recovery`, `owner` (what to do with the file) and `software` (what to do in software).
"""  # noqa: E501 (a sentence is a line)

COMPARED: Final = """\
## Other readers

What the pages say of other readers was seen by running these versions on broken files, or was read in their source, where it says so.
Later versions may do better.
"""  # noqa: E501 (a sentence is a line)


def pages() -> dict[str, str]:
    """Return all files of the folder, by name."""
    made = {INDEX: "\n".join(_index()) + "\n", RULES: rules_json()}
    return made | {f"{code}.md": "\n".join(_page(code)) + "\n" for code in CATALOGUE}


def rules_json() -> str:
    """Return `rules.json`."""
    rules = {"version": 1, "rules": [rule_object(code) for code in CATALOGUE]}
    return json.dumps(rules, indent=1, ensure_ascii=False) + "\n"


def _index() -> Iterator[str]:
    yield HEAD
    for family, about in FAMILIES.items():
        yield f"## {family}: {about}"
        yield ""
        yield "| code | severity | what is wrong | rule |"
        yield "|---|---|---|---|"
        for code, rule in CATALOGUE.items():
            if code.startswith(family):
                weight = weight_text(code).replace(" exit code", "")
                title = _escaped(rule.title)
                yield f"| [{code}]({code}.md) | {weight} | {title} | `{rule.id}` |"
        yield ""
    yield "## Codes that are not used"
    yield ""
    for code, why in NOT_USED.items():
        yield f"- {code}: {why}."
    yield ""
    yield COMPARED
    yield "| reader | language | compared |"
    yield "|---|---|---|"
    for reader in READERS.values():
        yield f"| {reader.name} | {reader.language} | {reader.versions} |"
    yield ""
    yield SCHEMA.rstrip("\n")


def _page(code: str) -> Iterator[str]:
    rule = CATALOGUE[code]
    yield f"# {code}: {_escaped(rule.title)}"
    yield ""
    yield f"{weight_text(code).capitalize()}; rule `{rule.id}`"
    yield ""
    for section in sections_of(code):
        yield f"## {section.heading}"
        yield ""
        yield from _body(section)
    yield f"[All findings]({INDEX})"


def _body(section: Section) -> Iterator[str]:
    for text in section.paragraphs:
        yield _escaped(text)
        yield ""
    if section.sources:
        links = (f"[{source}]({source.url})" for source in section.sources)
        yield f"Source: {'; '.join(links)}."
        yield ""


def _escaped(text: str) -> str:
    """Return a text whose stars are stars, also in Markdown."""
    return text.replace("*", r"\*")


def write() -> None:
    """Write the folder anew."""
    FOLDER.mkdir(exist_ok=True)
    for path in FOLDER.iterdir():
        path.unlink()
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write()
