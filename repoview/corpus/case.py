"""Cases: files with one fault each, what must be found of it, and a sound twin."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from inspect import cleandoc
from typing import TYPE_CHECKING, Any, Final

from repoview.corpus.car import Car
from repoview.corpus.repo import sample, with_stray

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
class Twin:
    """A file without the fault that another has: sound."""

    car: Car | bytes
    codes: frozenset[str] = frozenset()
    """What is said of it all the same, none of it worse than an info."""

    @property
    def data(self) -> bytes:
        """The bytes of the file."""
        return self.car.data if isinstance(self.car, Car) else self.car


def sample_twin() -> Twin:
    """Return the sample: what most faults were put into."""
    return Twin(sample().car())


def stray_twin() -> Twin:
    """Return the sample with a sound block behind it that nothing links to."""
    return Twin(with_stray(), frozenset({"BLK004"}))


@dataclass(frozen=True, slots=True)
class Broken:
    """A file, and where its fault is."""

    car: Car | bytes
    offset: int | None
    """Byte that the finding must name; None when it is about the whole file."""

    inside: int | None = None
    """The byte of the block's data that it must name, where it is about one."""

    twin: Twin | None = None
    """The file without the fault; None for that of its family."""

    @property
    def data(self) -> bytes:
        """The bytes of the file."""
        return self.car.data if isinstance(self.car, Car) else self.car


@dataclass(frozen=True, slots=True)
class Case:
    """One way for a file to be broken."""

    code: str
    """Empty where nothing is wrong, though a reader may think so."""

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

    odd: bool = False
    """Whether there is a warning among what is said of it."""

    suffix: str = ".car"
    default_twin: Callable[[], Twin] = sample_twin

    @property
    def exit_code(self) -> int:
        """That of the verdict."""
        return EXIT_CODES[self.verdict]

    @property
    def id(self) -> str:
        """A name for the test."""
        return f"{self.code or 'legal'}-{self.name}"

    @property
    def arguments(self) -> list[str] | None:
        """What `repoview verify` is given beside the file.

        None where it cannot be: the fault is not in the file, or only a profile
        takes it for one.
        """
        if not self.options.keys() <= {"key", "did", "rev", "expect"}:
            return None
        pairs = self.options.items()
        return [word for name, value in pairs for word in (f"--{name}", value)]

    @property
    def result(self) -> str:
        """What a reader must make of it: "invalid", "valid", or either of them."""
        if self.verdict != "sound":
            return "invalid"
        return "acceptable" if self.severity == "warning" or self.odd else "valid"

    @property
    def twin(self) -> Twin:
        """The same file without the fault, to be judged with the same options."""
        twin = self.build().twin or self.default_twin()
        if "key" in self.options:
            return Twin(twin.car, twin.codes | {"SIG007"})
        return twin

    @property
    def errors(self) -> set[str]:
        """All codes of severity error or fatal."""
        return {*self.also, *([self.code] if self.severity in GRAVE else [])}

    @property
    def others(self) -> set[str]:
        """All codes of severity warning or info."""
        is_mine = self.code and self.severity not in GRAVE
        return {*self.beside, *([self.code] if is_mine else [])}


class Cases:
    """Cases of one family; its methods decorate the functions that build them.

    Args:
        suffix: What the names of its files end with.
        twin: Makes the twin of each case that has none of its own.
    """

    def __init__(
        self, suffix: str = ".car", twin: Callable[[], Twin] = sample_twin
    ) -> None:
        self._cases: list[Case] = []
        self._family: dict[str, Any] = {"suffix": suffix, "default_twin": cache(twin)}

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

    def legal(self, **what: Any) -> Decorator:
        """Nothing is wrong with it, though a reader may think so."""
        return self._add("", "info", {"verdict": "sound", "count": 0} | what)

    def _add(self, code: str, severity: str, what: dict[str, Any]) -> Decorator:
        for name in ("also", "beside"):
            what[name] = frozenset(what.get(name, ()))

        def decorate(build: Builder) -> Builder:
            name, fact = build.__name__, cleandoc(build.__doc__ or "")
            # Many tests ask for each file, and none changes it.
            once = cache(build)
            case = Case(code, severity, name, fact, once, **what, **self._family)
            self._cases.append(case)
            return once

        return decorate
