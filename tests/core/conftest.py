"""The engine's tests run on every kernel, but for modules that say `WITHOUT_KERNEL`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from types import ModuleType


@pytest.fixture(scope="module", autouse=True)
def kernel_under_test(kernel_in_use: ModuleType | None) -> ModuleType | None:
    """Ask for a kernel on behalf of every test here."""
    return kernel_in_use
