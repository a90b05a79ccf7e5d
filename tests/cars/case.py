"""Cases: files with one fault each, and what must be found of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from inspect import cleandoc
from typing import TYPE_CHECKING, Any, Final

from tests.cars.car import Car

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import TypeAlias

    Builder: TypeAlias = Callable[[], "Broken"]
    Decorator: TypeAlias = Callable[[Builder], Builder]

EXIT_CODES: Final = {
    "sound": 0,
    "incomplete": 10,
    "invalid": 11,
    "unreadable": 12,
    "bad-records": 13,
    "bad-container": 14,
}

GRAVE: Final = ("error", "fatal")

ANYWHERE: Final = -1
"""Stands for an offset that no rule gives."""


@dataclass(frozen=True, slots=True)
class Broken:
    """A file, and where its fault is."""

    car: Car | bytes
    offset: int | None
    """Byte that the finding must name; None when it is about the whole file."""

    inside: int | None = None
    """The byte of the block's data that it must name, where it is about one."""

    @property
    def data(self) -> bytes:
        """The bytes of the file."""
        return self.car.data if isinstance(self.car, Car) else self.car


@dataclass(frozen=True, slots=True)
class Case:
    """One way for a file to be broken."""

    code: str
    severity: str
    name: str
    fact: str
    """What is wrong, in a sentence."""

    build: Callable[[], Broken]
    verdict: str
    also: frozenset[str] = frozenset()
    """Codes of other errors that the fault cannot but cause."""

    beside: frozenset[str] = frozenset()
    """Codes of warnings and infos that come with it; ORD003 always may."""

    complete: bool | None = True
    count: int = 1
    """Findings of the code."""

    options: Mapping[str, Any] = field(default_factory=dict)
    """What to check, by the names that the engine has for it."""

    @property
    def exit_code(self) -> int:
        """That of the verdict."""
        return EXIT_CODES[self.verdict]

    @property
    def id(self) -> str:
        """A name for the test."""
        return f"{self.code}-{self.name}"

    @property
    def errors(self) -> set[str]:
        """All codes of severity error or fatal."""
        return {*self.also, *([self.code] if self.severity in GRAVE else [])}

    @property
    def others(self) -> set[str]:
        """All codes of severity warning or info."""
        return {*self.beside, *([] if self.severity in GRAVE else [self.code])}


class Cases:
    """Cases of one family; its methods decorate the functions that build them."""

    def __init__(self) -> None:
        self._cases: list[Case] = []

    def __iter__(self) -> Iterator[Case]:
        return iter(self._cases)

    def fatal(self, code: str, **what: Any) -> Decorator:
        """Nothing can be made out of the file, whatever is salvaged."""
        return self._add(code, "fatal", {"verdict": "unreadable"} | what)

    def error(self, code: str, verdict: str, **what: Any) -> Decorator:
        """A rule is broken."""
        return self._add(code, "error", {"verdict": verdict} | what)

    def warning(self, code: str, **what: Any) -> Decorator:
        """It is odd; unless told otherwise, the repository is sound."""
        return self._add(code, "warning", {"verdict": "sound"} | what)

    def info(self, code: str, **what: Any) -> Decorator:
        """It is worth knowing; unless told otherwise, the repository is sound."""
        return self._add(code, "info", {"verdict": "sound"} | what)

    def _add(self, code: str, severity: str, what: dict[str, Any]) -> Decorator:
        for name in ("also", "beside"):
            what[name] = frozenset(what.get(name, ()))

        def decorate(build: Builder) -> Builder:
            name, fact = build.__name__, cleandoc(build.__doc__ or "")
            # Many tests ask for each file, and none changes it.
            once = cache(build)
            self._cases.append(Case(code, severity, name, fact, once, **what))
            return once

        return decorate
