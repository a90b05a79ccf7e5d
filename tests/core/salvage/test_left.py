"""Facts about salvage of every broken file of the corpus, by a table.

Of each code of the catalogue: what `verify` says, and what salvage leaves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from repoview.core.findings.catalogue import CATALOGUE
from repoview.corpus import CASES, LEGAL
from tests.core.salvage.left import HEAD, TABLE, saved_blocks, whole_blocks

if TYPE_CHECKING:
    from repoview.corpus import Case

LINES = TABLE.read_text(encoding="utf-8").splitlines()
EVERY = (*CASES, *LEGAL)


@pytest.mark.unmeasured
@pytest.mark.parametrize(
    ("case", "line"),
    list(zip(EVERY, LINES[1:], strict=True)),
    ids=lambda each: getattr(each, "id", ""),
)
def test_what_is_saved_of_a_broken_file(case: Case, line: str) -> None:
    """Every block that stands whole in it, and the table says what it comes to."""
    told, saved = saved_blocks(case)
    assert told == line
    assert whole_blocks(case) <= saved


def test_the_table_has_every_code_that_a_file_can_have() -> None:
    """A line a file."""
    assert LINES[0] == HEAD
    told = {line.partition("-")[0] for line in LINES[1:]} - {"legal"}
    assert told == {case.code for case in CASES}
    assert told <= set(CATALOGUE)
