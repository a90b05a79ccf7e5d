"""What is known of the files of a folder: a line each, and counts over all.

One thread adds to it. Screens read it meanwhile, and get copies.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final, NamedTuple

from repoview.core.findings.catalogue import CATALOGUE, gravest_first
from repoview.core.verify.report import Verdict
from repoview.present import count_text, safe, safe_word
from repoview.present.verdicts import SIGNATURES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from repoview.fleet.verdict import RepoRow

NOT_READ: Final = "not read"
NAME: Final = 1_000
"""Characters of a name that are shown."""

_LATER: Final = "info"
"""The severity of a code that this version does not know."""


class Listed(NamedTuple):
    """A file, and what is told of it once it was read."""

    source: str
    name: str
    """As it is shown: below the folder, and safe."""

    row: RepoRow | None = None

    @property
    def verdict(self) -> str:
        """Its verdict, "not read" for one that cannot be; empty while it waits."""
        if self.row is None:
            return ""
        return safe_word(self.row.verdict or NOT_READ)

    @property
    def about(self) -> str:
        """What is wrong with it, on a line; safe."""
        row = self.row
        if row is None:
            return "waits to be read"
        if row.error is not None:
            return safe(row.error, NAME)
        said = [count_text(row.missing, "missing block")] if row.missing else []
        if row.signature is not None:
            word = f"signature {row.signature}"
            said.append(SIGNATURES.get(row.signature, word))
        said += [count_text(row.unlinked, "unlinked block")] if row.unlinked else []
        said.append(" ".join(row.codes) or "no findings")
        return safe(" · ".join([count_text(row.collections, "collection"), *said]))

    def matches(self, words: Sequence[str]) -> bool:
        """Return whether it has all of *words*, which are in lower case."""
        told = [self.name, self.verdict]
        if self.row is not None:
            told += [self.row.did or "", self.row.rev or "", *self.row.codes]
        text = "\n".join(told).lower()
        return all(word in text for word in words)


class FoundHere(NamedTuple):
    """A code that was found, over all files."""

    code: str
    severity: str
    title: str
    files: int


class FolderFiles:
    """The files of a folder so far.

    Args:
        place: The folder.
    """

    def __init__(self, place: str) -> None:
        self.read = 0
        """How many were read."""
        self.error = ""
        """Why they cannot be listed, or not all; safe."""
        self.is_done = False
        """Whether all are listed and read."""
        self._start = place.rstrip("/") + "/"
        self._files: dict[str, Listed] = {}
        self._verdicts: Counter[str] = Counter()
        self._codes: Counter[str] = Counter()

    def __len__(self) -> int:
        return len(self._files)

    def add(self, source: str) -> None:
        """Add a file that waits to be read, unless it is known."""
        if source not in self._files:
            self._files[source] = Listed(source, self._name(source))

    def keep(self, row: RepoRow) -> None:
        """Keep what is told of a file, unless it was told before."""
        before = self._files.get(row.source)
        if before is None or before.row is None:
            file = Listed(row.source, self._name(row.source), row)
            self._files[row.source] = file
            self._verdicts[file.verdict] += 1
            self._codes.update(row.codes)
            self.read += 1

    def _name(self, source: str) -> str:
        return safe(source.removeprefix(self._start), NAME)

    def all(self) -> Sequence[Listed]:
        """Return all of them, in the order in which they were met."""
        return tuple(self._files.values())

    def verdicts(self) -> dict[str, int]:
        """Return how many files there are of each verdict."""
        return dict(self._verdicts)

    def findings(self) -> list[FoundHere]:
        """Return the codes that were found, the most severe first."""
        found = [_found_here(*each) for each in tuple(self._codes.items())]
        return sorted(found, key=_gravest)

    def says(self) -> str:
        """Return how far it is: "37 of 200 read · 35 sound, 2 not"."""
        read, sound = self.read, self._verdicts[Verdict.SOUND.value]
        files = count_text(len(self), "file")
        if not self.is_done:
            files = f"{read:,} of {len(self):,} read"
        if not read:
            return files
        rest = (
            "all sound" if sound == read else f"{sound:,} sound, {read - sound:,} not"
        )
        return f"{files} · {rest}"


def _found_here(code: str, files: int) -> FoundHere:
    rule = CATALOGUE.get(code)
    if rule is None:
        return FoundHere(safe_word(code), _LATER, "", files)
    return FoundHere(code, rule.severity.value, rule.title, files)


def _gravest(found: FoundHere) -> tuple[int, int, str]:
    return gravest_first(found.severity), -found.files, found.code
