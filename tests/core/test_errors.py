"""The words of errors."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from repoview.core.errors import no_room, reason_of


@pytest.fixture(autouse=True)
def kernel_under_test() -> None:
    """Run each test once: no kernel words errors."""


def test_a_reason_has_neither_number_nor_file_and_goes_on_a_sentence() -> None:
    """So each sentence names the file in its own way."""
    error = OSError(errno.EROFS, "Read-only file system", "some/File")
    assert reason_of(error) == "read-only file system"


def test_a_reason_keeps_the_capitals_inside_it() -> None:
    """They belong to names."""
    error = OSError(errno.EINVAL, "Not a XENIX named type file")
    assert reason_of(error) == "not a XENIX named type file"


def test_an_error_without_a_reason_of_the_machine_gives_its_own_text() -> None:
    """As that of a path with a NUL in it."""
    with pytest.raises(ValueError, match="null") as caught:
        Path("a\0b").stat()
    assert reason_of(caught.value) == str(caught.value)


def test_what_a_disk_does_not_take_is_named_with_the_way_out() -> None:
    """The index, unless something else is meant."""
    assert str(no_room("it is full")) == (
        "cannot keep the index on disk: it is full; "
        "make room there, or name another folder with --cache-dir"
    )
    assert "cannot keep the rest: it is full;" in str(no_room("it is full", "the rest"))
