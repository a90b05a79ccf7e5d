"""Where the folders of a user are: cache, settings, state.

The one place that knows. What goes there, and whether a folder may be used,
is the business of who uses it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_NAME = "repoview"


def cache_folder() -> Path | None:
    """Return the folder for what can be found again, None without a home."""
    from platformdirs import user_cache_path  # noqa: PLC0415 (few runs need it)

    return _of_user(user_cache_path)


def config_folder() -> Path | None:
    """Return the folder for what the user sets, None without a home."""
    from platformdirs import user_config_path  # noqa: PLC0415 (the same)

    return _of_user(user_config_path)


def state_folder() -> Path | None:
    """Return the folder for what is remembered, None without a home."""
    from platformdirs import user_state_path  # noqa: PLC0415 (the same)

    return _of_user(user_state_path)


def _of_user(find: Callable[..., Path]) -> Path | None:
    path = find(_NAME, appauthor=False)
    # Without a home it begins with a tilde that leads nowhere.
    return path if path.is_absolute() else None
