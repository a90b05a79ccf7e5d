"""Whether Arrow is there: it is pyarrow's, and comes with an extra."""

from __future__ import annotations

from importlib import import_module

from repoview.core.errors import RepoviewError


class NoArrow(RepoviewError):
    """There is no pyarrow."""


def need_arrow() -> None:
    """Make sure that pyarrow can be used.

    Raises:
        NoArrow: It is not installed.
    """
    try:
        import_module("pyarrow")
    except ImportError as error:
        hint = "pip install 'atproto-repoview[parquet]'"
        raise NoArrow(f"tables and Parquet need pyarrow: {hint}") from error
