"""The words of errors."""

from __future__ import annotations

import errno
import pickle
from pathlib import Path

import pytest

from repoview.core.errors import (
    KernelFault,
    SelectionError,
    SourceError,
    is_panic,
    no_room,
    reason_of,
    too_many,
    why_not_read,
)


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


def test_an_index_that_is_full_says_what_to_do() -> None:
    """The disk takes what memory has no room for."""
    said = str(too_many(1_234_567))
    assert "no more than 1,234,567 blocks: give less of it with --mem-limit" in said


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


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (SourceError("it was closed"), "it was closed"),
        (OSError(errno.EIO, "Input/output error"), "cannot read a.car: input/output"),
        (MemoryError(), "a.car takes more memory than there is"),
        (KeyError("x"), "a.car: a fault of repoview itself (KeyError: 'x')"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_why_a_source_was_not_read_is_one_sentence(
    error: BaseException, said: str
) -> None:
    """Of what is wrong with it, with the machine, or with the program."""
    assert why_not_read(error, "a.car").startswith(said)


def test_a_fault_of_the_compiled_kernel_says_what_does_without_it() -> None:
    """Only what compiled code raises is taken for one."""
    assert "REPOVIEW_PURE=1 does without it" in str(KernelFault("index out of bounds"))
    assert not is_panic(KernelFault("index out of bounds"))


def test_an_error_of_a_selection_comes_back_from_another_process() -> None:
    """With its text and the place in it."""
    error = SelectionError("size >", 5, "a number belongs here")
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 (it is our own)
    assert (again.text, again.position, again.fact) == ("size >", 5, error.fact)
    assert str(again) == str(error)
