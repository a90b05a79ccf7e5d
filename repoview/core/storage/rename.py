"""A rename that replaces nothing, in one step where the system has one.

A plain rename replaces an empty folder. Linux (`renameat2`) and macOS
(`renamex_np`) have calls that do not, which Python does not offer; elsewhere, and
where a file system lacks them, the name is taken by an empty folder first, which
the rename then replaces: if the process is killed between the two, that is left.
"""

from __future__ import annotations

import errno
import os
import sys
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_AT_CWD: Final = -100
_NO_REPLACE: Final = 1
_EXCLUSIVE: Final = 4
_LACKING: Final = frozenset(
    (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP)
)
"""Errors by which a kernel or file system says that it has no such call."""


@cache
def system_call() -> Callable[[bytes, bytes], int] | None:
    """Return the call of this system, which returns an error's number, or 0.

    None where the system has none.
    """
    if not sys.platform.startswith(("linux", "darwin")):
        return None
    import ctypes  # noqa: PLC0415 (few write folders)

    library: Any = ctypes.CDLL(None, use_errno=True)
    linux: Any = getattr(library, "renameat2", None)
    mac: Any = getattr(library, "renamex_np", None)
    if linux is None and mac is None:
        return None

    def rename(old: bytes, new: bytes) -> int:
        if linux is not None:
            failed = linux(_AT_CWD, old, _AT_CWD, new, _NO_REPLACE)
        else:
            failed = mac(old, new, _EXCLUSIVE)
        return ctypes.get_errno() if failed else 0

    return rename


def rename_new(folder: Path, target: Path) -> None:
    """Rename a folder, unless there is something of the new name.

    Raises:
        FileExistsError: There is.
        OSError: It cannot be renamed.
    """
    rename = system_call()
    if rename is None or not _is_renamed(rename, folder, target):
        take_and_replace(folder, target)


def _is_renamed(
    rename: Callable[[bytes, bytes], int], folder: Path, target: Path
) -> bool:
    """Rename it in one step; False where that is not to be had."""
    number = rename(os.fsencode(folder), os.fsencode(target))
    if number and number not in _LACKING:
        raise OSError(number, os.strerror(number), str(target))
    return not number


def take_and_replace(folder: Path, target: Path) -> None:
    """Do the same in two steps; raises as `rename_new` does."""
    target.mkdir()
    try:
        folder.rename(target)
    except OSError:
        with suppress(OSError):
            target.rmdir()
        raise
