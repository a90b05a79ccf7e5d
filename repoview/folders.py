"""Where the folders of a user are: cache, settings, state.

The only module that decides where. What goes there, and whether a folder may be
used, is decided by its users.
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
    folder = ""
    if sys.platform == "linux" and "ANDROID_DATA" not in environment:
        folder, home = (environment.get(n, "") for n in ("XDG_CONFIG_HOME", "HOME"))
        if not folder.startswith("/") and home.startswith("/"):
            # A relative path is ignored: it could lead to another user's folder.
            folder = f"{home}/.config"
    if folder.startswith("/"):
        return os.path.join(folder, _NAME, _CONFIG_NAME)  # noqa: PTH118 (Path is late)
    other = config_folder()
    return None if other is None else str(other / _CONFIG_NAME)


def state_folder() -> Path | None:
    """Return the folder for what is remembered, None without a home."""
    from platformdirs import user_state_path  # noqa: PLC0415 (the same)

    return _of_user(user_state_path)


def _of_user(find: Callable[..., Path]) -> Path | None:
    path = find(_NAME, appauthor=False)
    # Without a home it begins with a tilde that leads nowhere.
    return path if path.is_absolute() else None
