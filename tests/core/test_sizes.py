"""Facts about settings."""

from __future__ import annotations

import pytest

from repoview.core import limits
from repoview.core.sizes import parse_size


@pytest.mark.parametrize("text", ["20000000TiB", "999999999999999 TB"])
def test_more_than_machines_count_is_as_much_as_they_do(text: str) -> None:
    """The size goes on into what takes only so much."""
    assert parse_size(text) == limits.MOST_BYTES


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("4096", 4096),
        ("64MiB", 64 * 1024 * 1024),
        ("64mib", 64 * 1024 * 1024),
        ("2GB", 2_000_000_000),
        ("1.5 k", 1_500),
        ("1.25MiB", 1_310_720),
        (" 7B ", 7),
        ("1T", 10**12),
    ],
)
def test_sizes(text: str, size: int) -> None:
    """Powers of 1000, or of 1024 with an i."""
    assert parse_size(text) == size


@pytest.mark.parametrize(
    "text", ["", "MiB", "-1", "1e9", "1.5.2", "64ib", "9" * 99, "٣"]
)
def test_what_is_no_size(text: str) -> None:
    """Is refused with an example of one."""
    with pytest.raises(ValueError, match="is no size: say it like 64MiB"):
        parse_size(text)
