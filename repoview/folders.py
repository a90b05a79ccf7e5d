"""Where the folders of a user are: cache, settings, state.

The one place that knows. What goes there, and whether a folder may be used,
is the business of who uses it.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

_NAME = "repoview"
_CONFIG_NAME = "config.toml"


def cache_folder() -> Path | None:
    """Return the folder for what can be found again, None without a home."""
    from platformdirs import user_cache_path  # noqa: PLC0415 (few runs need it)

    return _of_user(user_cache_path)


def config_folder() -> Path | None:
    """Return the folder for what the user sets, None without a home."""
    from platformdirs import user_config_path  # noqa: PLC0415 (the same)

    return _of_user(user_config_path)


def config_file(environment: Mapping[str, str]) -> str | None:
    """Return the path of the file with what the user sets, None without a home.

    Each command asks for it, so where the rule is simple it is not left to a
    library that takes longer to import than this takes to answer.

    Args:
        environment: That of this process.
    """
    if sys.platform == "linux" and "ANDROID_DATA" not in environment:
        folder = environment.get("XDG_CONFIG_HOME", "")
        if not folder.strip():
            folder = os.path.expanduser("~/.config")  # noqa: PTH111 (Path is late)
        folder = os.path.join(folder, _NAME)  # noqa: PTH118 (the same)
    else:
        folder = str(config_folder() or "")
    # A relative one could be anybody's.
    if not os.path.isabs(folder):  # noqa: PTH117 (the same)
        return None
    return os.path.join(folder, _CONFIG_NAME)  # noqa: PTH118 (the same)


def state_folder() -> Path | None:
    """Return the folder for what is remembered, None without a home."""
    from platformdirs import user_state_path  # noqa: PLC0415 (the same)

    return _of_user(user_state_path)


def _of_user(find: Callable[..., Path]) -> Path | None:
    path = find(_NAME, appauthor=False)
    # Without a home it begins with a tilde that leads nowhere.
    return path if path.is_absolute() else None
