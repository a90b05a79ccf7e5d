"""Facts about `docs/findings`: it is what its script makes of the catalogue."""

from __future__ import annotations

import json

from repoview.core.findings.catalogue import CATALOGUE, NOT_USED
from tests.finding_pages import FOLDER, INDEX, RULES, pages


def test_the_pages_are_what_the_script_makes() -> None:
    """`python -m tests.finding_pages` writes them again."""
    made = pages()
    assert {path.name for path in FOLDER.iterdir()} == made.keys()
    for name, text in made.items():
        assert (FOLDER / name).read_text(encoding="utf-8") == text, name


def test_the_index_leads_to_every_page() -> None:
    """And names the codes that have none."""
    index = pages()[INDEX]
    for code in CATALOGUE:
        assert f"[{code}]({code}.md)" in index
    for code in NOT_USED:
        assert f"- {code}: " in index


def test_rules_json_has_every_rule_with_the_fields_that_are_told() -> None:
    """And no others."""
    made = json.loads(pages()[RULES])
    assert made["version"] == 1
    assert [rule["code"] for rule in made["rules"]] == list(CATALOGUE)
    index = pages()[INDEX]
    for rule in made["rules"]:
        assert all(f"| `{field}` |" in index for field in rule)
        assert rule.keys() == made["rules"][0].keys()
        told = CATALOGUE[rule["code"]]
        assert (rule["id"], rule["must"]) == (told.id, told.must)
        assert [each["url"] for each in rule["sources"]] == [
            each.url for each in told.sources
        ]
