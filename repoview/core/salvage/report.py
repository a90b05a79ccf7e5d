"""What a salvage found: frozen values, which a screen can show as they are."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from repoview.core.formats.key import path_of

if TYPE_CHECKING:
    from repoview.core.cid import Cid

SAVED: Final = 0
LOST: Final = 10
NOTHING: Final = 12
"""Exit codes: nothing is lost, something is, there is nothing to save."""


class LooseKind(StrEnum):
    """How a record that the tree does not reach is known."""

    DETACHED = "detached"
    """A node says its key, and what led to that node is lost."""

    OLDER = "older"
    """A node says its key, but there the tree has another record, or none."""

    KEYLESS = "keyless"
    """No node says its key."""


class LooseRecord(NamedTuple):
    """A record that the tree does not reach."""

    kind: LooseKind
    key: bytes | None
    """None if it is not known."""

    cid: Cid
    type: str | None
    """Its `$type`, if it has one."""

    data: bytes
    """Hashes to the CID."""

    offset: int
    """Where its section begins in the source."""

    @property
    def path(self) -> str | None:
        """The key as text; None if it is not known."""
        return None if self.key is None else path_of(self.key)


class SavedCollection(NamedTuple):
    """What is saved and lost of one collection, in records."""

    name: str
    """Empty for records whose key or `$type` names none."""

    reachable: int
    """The tree leads to them."""

    detached: int
    keyless: int
    """By their `$type`; see `LooseKind`."""

    lost: int
    """A node says their key, and their block is not there or damaged."""


class LostKeys(NamedTuple):
    """A range of keys whose node is lost; how many there were is not known."""

    lo: bytes
    """Every one of them is greater; empty where nothing bounds them."""

    hi: bytes | None
    """Every one of them is smaller; None where nothing bounds them."""


@dataclass(frozen=True, slots=True)
class SalvageReport:
    """What can be saved of a source, and what is lost."""

    source: str
    size: int
    """Bytes of the source, unpacked."""

    did: str | None
    rev: str | None
    root: Cid | None
    """What a CAR of it has as its root: the commit, or else a node that nothing
    links to; None where there is neither."""

    has_commit: bool
    blocks: int
    """That hash to their CID, each once: commits, nodes, records and others."""

    bytes: int
    """Of their data."""

    commits: int
    nodes: int
    records: int
    others: int
    found: int
    """Blocks that were found by their CIDs; the lengths of sections lead to the
    others."""

    skipped: int
    """How often bytes were skipped in front of such a block (CAR032)."""

    reachable: int
    """Keys of the tree whose record is there."""

    detached: int
    """Keys that only nodes without parents say, whose record is there."""

    subtrees: int
    """Nodes without a parent that hold such keys, or lead to others that do."""

    older: int
    """Records of an earlier state of the repository."""

    keyless: int
    missing_nodes: int
    """That the tree links to, and which are not there or damaged."""

    missing_records: int
    """Keys that are known, and whose record is not there or damaged."""

    damaged: int
    """Blocks that do not hash to their CID, and of which no copy does; or whose
    hash cannot be computed."""

    lost_bytes: int
    """Bytes that are in no section whose block hashes."""

    collections: tuple[SavedCollection, ...]
    """By name; of thousands the first, and the others together without a name."""

    lost_keys: tuple[LostKeys, ...]
    """The first hundred of such ranges."""

    is_complete: bool
    """Whether all that the tree needs is there."""

    is_bounded: bool
    """Whether a bound on time, memory or disk ended the search early."""

    advice: str | None
    """Where to ask for the repository again, if it is known whose it is."""

    @property
    def loses(self) -> bool:
        """Whether something is lost, or may be."""
        lacks = self.missing_nodes + self.missing_records + self.damaged
        is_whole = self.has_commit and self.is_complete and not lacks
        return not is_whole or self.is_bounded

    @property
    def exit_code(self) -> int:
        """0 if nothing is lost, 10 if something is, 12 if nothing can be saved."""
        if not self.blocks and not self.is_bounded:
            return NOTHING
        return LOST if self.loses else SAVED

    def to_json(self) -> dict[str, Any]:
        """Return the object that `salvage --json` prints."""
        told = {**asdict(self), "exit_code": self.exit_code}
        told["root"] = None if self.root is None else str(self.root)
        told["collections"] = [each._asdict() for each in self.collections]
        told["lost_keys"] = [
            {"lo": path_of(lo), "hi": None if hi is None else path_of(hi)}
            for lo, hi in self.lost_keys
        ]
        return told
