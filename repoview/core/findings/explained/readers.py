"""What other readers do with a fault: who detects it, who does not.

Each was given the same files, or its source was read. This is what they did in
the versions below; later ones may do better.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator


class Reader(NamedTuple):
    """A program or library that reads CARs or repositories."""

    name: str
    language: str
    versions: str
    """Those that were compared."""


READERS: Final = {
    "TS": Reader("@atproto/repo", "TypeScript", "0.10.11 and 0.10.14"),
    "TSB": Reader("atproto in TypeScript", "TypeScript", "its function isBlobRef"),
    "AC": Reader("atcute", "TypeScript", "@atcute/repo 1.0.2, @atcute/car 6.0.2"),
    "JC": Reader("@ipld/car", "JavaScript", "5.4.7"),
    "AM": Reader("atmst", "Python", "with cbrrr 1.1.0"),
    "AR": Reader("arroba", "Python", "3.1, with carbox 0.3"),
    "CB": Reader("carbox", "Python", "0.3"),
    "LI": Reader("libipld", "Python", "3.5.0, its decode_car"),
    "RS": Reader("repo-stream", "Rust", "0.2.2, with iroh-car"),
    "RS3": Reader("repo-stream 0.3", "Rust", "0.3 and later"),
    "IC": Reader("iroh-car", "Rust", "as repo-stream 0.2.2 uses it"),
    "IG": Reader("indigo", "Go", "package atproto/repo, as goat uses it"),
    "IGo": Reader("indigo (older packages)", "Go", "mst and repo"),
    "GC": Reader("go-car", "Go", "versions 1 and 2"),
    "GC1": Reader("go-car 1", "Go", "version 1"),
    "GC2": Reader("go-car 2", "Go", "version 2"),
}
"""Short name → reader."""

ALL: Final = "all"
"""In place of short names: every reader that was compared."""


class Behavior(NamedTuple):
    """What one reader does with a fault."""

    reader: Reader
    crashes: bool
    """Whether it only fails by an exception that is not meant for this."""

    by_source: bool
    """Whether this was read in its source; otherwise it was seen by running it."""


@dataclass(frozen=True, slots=True)
class Readers:
    """Who detects a fault and who does not, by short names.

    Behind a name, ``*`` stands for what was read in its source, and ``!`` for
    one that only crashes. Of readers that are named nowhere, nothing is known.
    """

    detect: str = ""
    """Those that refuse the file or tell of the fault, or `ALL`; "" for none."""

    miss: str = ""
    """Those that take the file as if nothing were wrong."""

    note: str = ""
    """What is special, in sentences."""

    def detecting(self) -> Iterator[Behavior]:
        """Yield those that detect it; none for `ALL`, too."""
        return _behaviors("" if self.detect == ALL else self.detect)

    def missing(self) -> Iterator[Behavior]:
        """Yield those that do not detect it."""
        return _behaviors(self.miss)


def _behaviors(names: str) -> Iterator[Behavior]:
    for name in names.split():
        bare = name.rstrip("*!")
        marks = name[len(bare) :]
        yield Behavior(READERS[bare], "!" in marks, "*" in marks)
