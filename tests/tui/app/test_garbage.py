"""Facts about what is kept out of collections."""

from __future__ import annotations

import gc
import weakref
from typing import TYPE_CHECKING

from repoview.tui.app.base import garbage

if TYPE_CHECKING:
    import pytest


class Holder:
    """Holds itself, so that only a collection releases it."""

    def __init__(self) -> None:
        self.itself = self


def test_what_is_frozen_goes_when_much_was_released(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Not in an ordinary collection, which passes it over; and what is left stays."""
    monkeypatch.setattr(garbage, "gc", gc)
    released, left = Holder(), Holder()
    is_there = weakref.ref(released)
    garbage.freeze()
    assert gc.is_tracked(left)
    del released
    gc.collect()
    assert is_there()
    garbage.collect()
    assert not is_there()
    assert gc.get_freeze_count() > 0
    assert left.itself is left


def test_what_an_app_left_goes_before_the_next_one_starts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It was frozen, and nothing else would look at it."""
    monkeypatch.setattr(garbage, "gc", gc)
    left = Holder()
    is_there = weakref.ref(left)
    garbage.end_start()
    del left
    gc.collect()
    assert is_there()
    garbage.begin_start()
    gc.enable()
    assert not is_there()
