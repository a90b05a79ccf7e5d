"""Facts about salvage of every broken file of the corpus, by a table.

Of each code of the catalogue: what `verify` says, and what salvage leaves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from repoview.core.findings.catalogue import CATALOGUE
from repoview.corpus import CASES, LEGAL, LIGHT_CASES
from tests.core.salvage.left import HEAD, TABLE, saved_blocks, whole_blocks

if TYPE_CHECKING:
    from repoview.corpus import Case

LINES = TABLE.read_text(encoding="utf-8").splitlines()
LINE = dict(zip([case.id for case in (*CASES, *LEGAL)], LINES[1:], strict=True))


def check(case: Case) -> None:
    """See that every block that stands whole in it is saved, as the table says."""
    told, saved = saved_blocks(case)
    assert told == LINE[case.id]
    assert whole_blocks(case) <= saved


@pytest.mark.parametrize("case", LIGHT_CASES[::8], ids=lambda case: case.id)
def test_what_is_saved_of_a_broken_file(case: Case) -> None:
    """Of some, on every kernel; `tests.test_corpus` has all."""
    check(case)


def test_the_table_has_every_code_that_a_file_can_have() -> None:
    """A line a file."""
    assert LINES[0] == HEAD
    told = {line.partition("-")[0] for line in LINES[1:]} - {"legal"}
    assert told == {case.code for case in CASES}
    assert told <= set(CATALOGUE)
