"""Whether Arrow is there: it is pyarrow's, and comes with an extra."""

from __future__ import annotations

from repoview.core.errors import RepoviewError
from repoview.export.writers.arrow_import import ARROW_HINT, import_arrow


class NoArrow(RepoviewError):
    """There is no pyarrow."""


def need_arrow() -> None:
    """Make sure that pyarrow can be used.

    Raises:
        NoArrow: It is not installed.
    """
    try:
        import_arrow()
    except ImportError as error:
        raise NoArrow(f"tables and Parquet need pyarrow: {ARROW_HINT}") from error
