"""Facts about what broken files hold: all is counted and listed there too."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from repoview import Repo
from tests.cars import LIGHT_CASES
from tests.core.inventory import (
    test_repeated,
    test_sizes,
    test_unlinked,
    test_walk_order,
)

if TYPE_CHECKING:
    from tests.cars import Case


@pytest.mark.no_cover
@pytest.mark.parametrize("case", LIGHT_CASES, ids=lambda case: case.id)
def test_what_a_broken_file_holds_is_told_as_it_is(case: Case) -> None:
    """Blocks, bytes and order, whatever is wrong with it."""
    with Repo.load(case.build().data) as repo:
        if case.code != "LIM001":
            # After a walk that was cut short nobody knows what is unlinked.
            test_unlinked.check(repo)
        test_sizes.check(repo)
        test_walk_order.check(repo)
        test_repeated.check(repo)
