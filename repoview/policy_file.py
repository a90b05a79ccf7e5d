"""The user's own policy: the table ``[policy]`` of their config.toml.

::

    [policy]
    profile = "strict"           # default, strict, lenient, mst-only
    rebuild = true               # verify --rebuild
    fail-on = "warning"          # verify --fail-on
    max-findings = 20
    skip-list = "known.txt"      # from this file's folder; or several, in [ ]

    [policy.severity]
    REC005 = "warning"           # a code
    KEY = "off"                  # or a family of codes

An unknown name or value is an error that names its line: if it were ignored, files
would be judged otherwise than the user meant. The file is in the user's own
folder; none beside a repository is ever read, as others may have put it there.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from repoview.core import limits
from repoview.core.findings.policy import Policy, Profile, cids_of, codes_of, weight_of
from repoview.core.storage.small_file import NotReadable, read_bytes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from repoview.core.cid import Cid

TABLE: Final = "policy"
FAIL_ON: Final = ("error", "warning")
_SEVERITY: Final = "severity"
_NAMES: Final = (
    "profile",
    "rebuild",
    "fail-on",
    "max-findings",
    "skip-list",
    _SEVERITY,
)
_MOST_LIST: Final = 64 * limits.MiB
"""Bytes of a skip list: each CID may have a comment of some hundred letters."""

_HEADER: Final = r"\s*\[\s*([^\[\]]+?)\s*\]\s*(?:#.*)?"
_KEY: Final = r"\s*([A-Za-z0-9_\-.\"' ]+?)\s*="


class BadPolicy(ValueError):
    """The file does not say what it should; the text is a sentence."""


class OwnPolicy(NamedTuple):
    """What the user's own file says, None where it says nothing."""

    policy: Policy = Policy()
    profile: Profile | None = None
    rebuild: bool | None = None
    fail_on: str | None = None
    path: str | None = None
    """The file that says so."""


def read_own_policy(path: str | None) -> OwnPolicy:
    """Return what a config.toml says of policy; nothing, if it is not there.

    Args:
        path: Of the file; None for none.

    Raises:
        BadPolicy: It says what is not known, or cannot be read.
    """
    if path is None:
        return OwnPolicy()
    try:
        data = read_bytes(Path(path), linked=True)
    except NotReadable as error:
        raise BadPolicy(f"cannot read {path}: {error}") from None
    if not data:
        return OwnPolicy()
    # Late: few users have such a file.
    import tomllib  # noqa: PLC0415

    try:
        text = data.decode("utf-8-sig")
        told = tomllib.loads(text)
    except UnicodeDecodeError as error:
        raise BadPolicy(f"{path}: byte {error.start:,} is not UTF-8") from None
    except RecursionError:
        raise BadPolicy(f"{path}: it is nested too deeply") from None
    except ValueError as error:
        raise BadPolicy(f"{path}: {error}") from None
    if TABLE not in told:
        return OwnPolicy()
    return _Reading(path, text, told[TABLE]).own()


def read_skip_list(path: str) -> frozenset[Cid]:
    """Return the CIDs that a file lists.

    Raises:
        BadPolicy: It cannot be read, or a line of it is no CID.
    """
    try:
        data = read_bytes(Path(path), _MOST_LIST, linked=True)
        if data is None:
            raise BadPolicy(f"cannot read {path}: there is no such file")  # noqa: TRY301 (as its others)
        return cids_of(data.decode("utf-8-sig"))
    except BadPolicy:
        raise
    except NotReadable as error:
        raise BadPolicy(f"cannot read {path}: {error}") from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise BadPolicy(f"{path}, line {line:,}: it is not UTF-8") from None
    except ValueError as error:
        raise BadPolicy(f"{path}, {error}") from None


class _Reading:
    """The table of one file being looked through."""

    def __init__(self, path: str, text: str, table: object) -> None:
        self._path = path
        self._text = text
        if not isinstance(table, dict):
            raise self._wrong(f"{TABLE} is a table, under [{TABLE}]", TABLE)
        self._table: dict[str, Any] = table

    def own(self) -> OwnPolicy:
        for name in self._table:
            if name not in _NAMES:
                names = ", ".join(_NAMES)
                text = f"there is no setting {TABLE}.{name[:40]}: there are {names}"
                raise self._wrong(text, TABLE, name)
        profile = self._one_of("profile", tuple(Profile))
        policy = Policy(self._severities(), self._skipped(), self._most())
        return OwnPolicy(
            policy,
            None if profile is None else Profile(profile),
            self._rebuild(),
            self._one_of("fail-on", FAIL_ON),
            self._path,
        )

    def _one_of(self, name: str, values: Sequence[str]) -> str | None:
        value = self._table.get(name)
        if value is None or value in values:
            return value
        raise self._wrong(f"{name} is one of {', '.join(values)}", TABLE, name)

    def _rebuild(self) -> bool | None:
        value = self._table.get("rebuild")
        if value is None or isinstance(value, bool):
            return value
        raise self._wrong("rebuild is true or false", TABLE, "rebuild")

    def _most(self) -> int | None:
        name = "max-findings"
        value = self._table.get(name)
        if value is None:
            return None
        if type(value) is int and 1 <= value <= limits.MOST_FINDINGS:
            return value
        text = f"{name} is a number from 1 to {limits.MOST_FINDINGS:,}"
        raise self._wrong(text, TABLE, name)

    def _skipped(self) -> frozenset[Cid]:
        name = "skip-list"
        value = self._table.get(name, [])
        paths = [value] if isinstance(value, str) else value
        if not isinstance(paths, list) or not all(isinstance(p, str) for p in paths):
            raise self._wrong(f"{name} is the path of a file", TABLE, name)
        cids: frozenset[Cid] = frozenset()
        for each in paths:
            # An absolute path stays what it is.
            path = Path(self._path).parent / os.path.expanduser(each)  # noqa: PTH111 (it does not raise)
            try:
                cids |= read_skip_list(str(path))
            except BadPolicy as error:
                raise self._wrong(str(error), TABLE, name) from None
        if len(cids) > limits.MAX_SKIPPED:
            text = f"a skip list has at most {limits.MAX_SKIPPED:,} CIDs"
            raise self._wrong(text, TABLE, name)
        return cids

    def _severities(self) -> dict[str, str]:
        table = self._table.get(_SEVERITY, {})
        if not isinstance(table, dict):
            text = f"{_SEVERITY} is a table, under [{TABLE}.{_SEVERITY}]"
            raise self._wrong(text, TABLE, _SEVERITY)
        severities: dict[str, str] = {}
        for name, weight in table.items():
            try:
                codes_of(name)
                severities[name] = weight_of(str(weight))
            except ValueError as error:
                raise self._wrong(str(error), TABLE, _SEVERITY, name) from None
        return severities

    def _wrong(self, text: str, *names: str) -> BadPolicy:
        line = line_of(self._text, names)
        where = self._path if line is None else f"{self._path}, line {line:,}"
        return BadPolicy(f"{where}: {text}")


def line_of(text: str, names: Sequence[str]) -> int | None:
    """Return the line of a TOML text that sets something; None if none is plain.

    Args:
        text: TOML that can be read.
        names: Of the tables, from the outermost, and of what is set.
    """
    table: list[str] = []
    inline = None
    for number, line in enumerate(text.splitlines(), 1):
        if header := re.fullmatch(_HEADER, line):
            table = _names(header[1])
            if table == [*names]:
                return number
        elif key := re.match(_KEY, line):
            found = [*table, *_names(key[1])]
            if found == [*names]:
                return number
            if found == [*names[: len(found)]]:
                # It may be in a table on one line.
                inline = number
    return inline


def _names(dotted: str) -> list[str]:
    return [name.strip().strip("\"'") for name in dotted.split(".")]
