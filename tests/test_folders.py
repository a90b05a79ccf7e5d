"""Facts about where the folders of a user are."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from repoview import folders

if TYPE_CHECKING:
    from collections.abc import Callable

KINDS = ("cache", "config", "state")


def finder(kind: str) -> Callable[[], Path | None]:
    """Return the function that finds a folder of a kind."""
    found: Callable[[], Path | None] = getattr(folders, f"{kind}_folder")
    return found


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="XDG is Linux's")
@pytest.mark.parametrize("kind", KINDS)
def test_each_is_where_the_user_has_such(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a folder of our name."""
    monkeypatch.setenv(f"XDG_{kind.upper()}_HOME", str(tmp_path))
    assert finder(kind)() == tmp_path / "repoview"


@pytest.mark.parametrize("given", [None, "", "  ", "/x", "x", ".", "~/x"])
def test_the_file_of_settings_is_in_the_folder_for_them(
    given: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the environment says; where that is relative there is none."""
    if given is None:
        monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    else:
        monkeypatch.setenv("XDG_CONFIG_HOME", given)
    for home in ("/home/alice", ""):
        monkeypatch.setenv("HOME", home)
        folder = folders.config_folder()
        expected = None if folder is None else str(folder / "config.toml")
        assert folders.config_file(os.environ) == expected


@pytest.mark.parametrize("kind", KINDS)
def test_without_a_home_there_is_none(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A tilde would lead nowhere."""
    where = f"platformdirs.user_{kind}_path"
    monkeypatch.setattr(where, lambda *_, **__: Path("~/.x"))
    assert finder(kind)() is None
