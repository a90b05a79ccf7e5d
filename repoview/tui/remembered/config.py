"""The user's configuration of the explorer: a TOML file.

::

    theme = "light"              # dark, light, high-contrast, no-color, or another
    tab = "bytes"                # json, bytes, path, findings
    dates = "day"                # time, day, none

    [keys]
    "browse.filter" = ["slash", "f3"]
    "app.quit" = "ctrl+x"

An unknown name or value is reported in a sentence and ignored; the rest
applies. The table ``[policy]`` is not the explorer's (see `policy_file`).
"""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Any, Final

from repoview.core.frozen import frozen
from repoview.core.storage.small_file import NotReadable, read_bytes
from repoview.policy_file import TABLE as POLICY_TABLE

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

TABS: Final = ("json", "bytes", "path", "findings")
DATES: Final = ("time", "day", "none")
_MOST_TOLD: Final = 5
"""Sentences about one file; further mistakes are not reported."""


@frozen
class Config:
    """The settings, by their names in the file."""

    theme: str | None = None
    """None for the one that was chosen last."""

    tab: str = TABS[0]
    """The tab in which a record is shown first."""

    dates: str = DATES[0]
    """How lists of records show the date of a TID."""

    keys: Mapping[str, str] = field(default_factory=dict)
    """Name of a binding → keys, with commas between them."""

    remarks: tuple[str, ...] = ()
    """Sentences about what was ignored."""


def read_config(path: Path | None, bindings: Collection[str] | None = None) -> Config:
    """Return the settings in a file; the defaults if there is none.

    Args:
        path: Of the file.
        bindings: The names that `keys` may have; None for any.
    """
    try:
        data = None if path is None else read_bytes(path)
        if data is None:
            return Config()
        import tomllib

        return _Reading(tomllib.loads(data.decode()), bindings).config()
    except NotReadable as error:
        remark = f"{path} is not used: {error}"
    except UnicodeDecodeError as error:
        remark = f"{path} is not used: byte {error.start:,} is not UTF-8"
    except ValueError as error:
        remark = f"{path} is not used: {error}"
    except RecursionError:
        remark = f"{path} is not used: it is nested too deeply"
    return Config(remarks=(remark,))


class _Reading:
    """The validation of one parsed file; collects remarks."""

    def __init__(self, told: dict[str, Any], bindings: Collection[str] | None) -> None:
        self._told = told
        self._bindings = bindings
        self._remarks: list[str] = []

    def config(self) -> Config:
        theme = self._told.pop("theme", None)
        if theme is not None and not isinstance(theme, str):
            self._remarks.append("theme is not a name in quotes")
            theme = None
        tab = self._one_of("tab", TABS)
        dates = self._one_of("dates", DATES)
        keys = self._keys(self._told.pop("keys", {}))
        self._told.pop(POLICY_TABLE, None)
        self._remarks += [f"there is no setting {name}" for name in self._told]
        return Config(theme, tab, dates, keys, tuple(self._remarks[:_MOST_TOLD]))

    def _one_of(self, name: str, values: tuple[str, ...]) -> str:
        value = self._told.pop(name, values[0])
        if value in values:
            return str(value)
        self._remarks.append(f"{name} is one of {', '.join(values)}")
        return values[0]

    def _keys(self, told: object) -> dict[str, str]:
        if not isinstance(told, dict):
            self._remarks.append("keys is a table, under [keys]")
            return {}
        keys = {}
        for name, value in told.items():
            several = [value] if isinstance(value, str) else value
            if self._bindings is not None and name not in self._bindings:
                self._remarks.append(f"there is no key named {name}")
            elif isinstance(several, list) and several and all(map(_is_key, several)):
                keys[name] = ",".join(several)
            else:
                self._remarks.append(f'keys of {name} look like "ctrl+x" or ["x", "y"]')
        return keys


def _is_key(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip()) and value.isprintable()
