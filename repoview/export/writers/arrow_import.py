"""pyarrow, which is an extra, imported so that it gives memory back."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import Any, Final

ARROW_HINT: Final = "pip install 'atproto-repoview[parquet]'"
"""How it is installed."""

_POOL: Final = "ARROW_DEFAULT_MEMORY_POOL"
"""Where pyarrow is told which allocator it uses."""


def import_arrow() -> Any:  # noqa: ANN401 (pyarrow has no types)
    """Return pyarrow, which uses malloc if nobody has chosen another allocator.

    Its own one keeps what is freed: a Parquet export of 475 MB within 64 MiB then
    takes 25 MB more. Later it cannot be changed for all that pyarrow does.

    Raises:
        ImportError: It is not installed.
    """
    if "pyarrow" in sys.modules or _POOL in os.environ:
        return import_module("pyarrow")
    os.environ[_POOL] = "system"
    try:
        arrow = import_module("pyarrow")
        # It is made when it is first asked for.
        arrow.default_memory_pool()
    finally:
        del os.environ[_POOL]
    return arrow
