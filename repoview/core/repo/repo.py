"""Repo: what every view of a repository holds.

Loads a source, verifies it, and keeps the index: records, collections, nodes
and blocks by number, path or CID. Bytes are read when asked for.
"""

from __future__ import annotations

from functools import cached_property, partial
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, Self, Unpack

from repoview.core.closing import Closing
from repoview.core.formats.record import Record
from repoview.core.index.ordering import By, ordered
from repoview.core.index.records import Collection
from repoview.core.opening.memory_limit import MemoryLimitReached, go_on_with
from repoview.core.opening.options import OpenOptions, takes_keywords
from repoview.core.repo.begin import begin
from repoview.core.repo.block_reader import Block
from repoview.core.repo.records import Records
from repoview.core.repo.repo_parts import Inside
from repoview.core.repo.tree import NodeView, RecordRef, Tree
from repoview.core.verify.report import Verdict
from repoview.core.wording import count_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from repoview.core.cid import Cid
    from repoview.core.findings.findings import Finding
    from repoview.core.formats.commit import Commit
    from repoview.core.formats.frames.frame import Frame
    from repoview.core.index.statistics import Shape
    from repoview.core.index.text_search import Searched
    from repoview.core.inventory.blobs import Blobs
    from repoview.core.inventory.inventory import Inventory
    from repoview.core.load.result import Progress
    from repoview.core.opening.opening import Opening
    from repoview.core.opening.options import OpenKeywords
    from repoview.core.repo.block_reader import BlockReader
    from repoview.core.repo.proof import Proof, ProofStep
    from repoview.core.source.cancel import Cancel
    from repoview.core.source.opener import Target
    from repoview.core.verify.report import Report
    from repoview.core.verify.signature import SignatureCheck

__all__ = [
    "Block",
    "By",
    "Collection",
    "Location",
    "NodeView",
    "Record",
    "RecordRef",
    "Repo",
]


_COLLECTIONS: Final = 20
"""Collections that a notebook shows."""


class Location(NamedTuple):
    """Where something stands: a record or node by number, a block by offset."""

    what: Literal["record", "node", "block"]
    number: int


class Repo(Closing, Records):
    """A repository, loaded and verified; close it, or use it with ``with``.

    Records are numbered in key order from 0, nodes as a walk enters them.
    Made by `Repo.load` and `repoview.open`.
    """

    if TYPE_CHECKING:
        _inside: Inside

    def __init__(self) -> None:
        raise TypeError("repoview.open() and Repo.load() make a Repo")

    @classmethod
    def _make(cls, opening: Opening) -> Self:
        """Make one of an opening that has been read to its end."""
        self = cls.__new__(cls)
        self._inside = made = Inside(opening)
        self._set_up(made.source, made.index, made.paths)
        return self

    def __repr__(self) -> str:
        whose = self.name if self.commit is None else self.commit.did
        collections = count_text(len(self.collections), "collection")
        amount = f"{count_text(len(self), 'record')} in {collections}"
        return f"<Repo {whose!a}: {amount}, {self.verdict}>"

    def _repr_html_(self) -> str:
        """Return what a notebook shows of it: what it holds, and its tree."""
        from repoview.notebook import card  # noqa: PLC0415 (few ask for it)

        commit, some = self.commit, self.collections[:_COLLECTIONS]
        facts: list[tuple[str, object]] = [("verdict", self.verdict)]
        if commit is not None:
            facts += [("DID", commit.did), ("rev", commit.rev)]
        facts += [("records", len(self)), ("nodes", len(self.tree))]
        facts += [(each.name or "no collection", each.count) for each in some]
        if (more := len(self.collections) - len(some)) > 0:
            facts.append(("more collections", more))
        return card(f"Repository {self.name}", facts, self.tree.to_svg(width=120))

    @classmethod
    @takes_keywords
    def load(
        cls,
        target: Target,
        *,
        name: str | None = None,
        on_limit: Literal["raise", "leave"] = "leave",
        report: Callable[[Progress], None] | None = None,
        cancel: Cancel | None = None,
        **options: Unpack[OpenKeywords],
    ) -> Repo:
        """Read and verify *target*; whatever is wrong with it is a finding.

        Otherwise as `repoview.open`. What would need more memory than the limit
        is left unread (LIM001), unless *on_limit* is "raise".

        Args:
            target: A path, an address, bytes, an open file, or a stream of bytes.
            name: What to call it in messages; by default what it is opened by.
            on_limit: What a limit of memory does.
            report: Called with progress, at least every MiB; what it raises ends it.
            cancel: Ends it too, from any thread, and while it waits for bytes.
            options: See `repoview.open`.

        Raises:
            SourceError: The bytes cannot be read.
            Cancelled: It was cancelled; the source is closed.
        """
        wanted = OpenOptions.of(on_limit=on_limit, **options)
        return finish(begin(target, wanted, cancel, name=name), report, keeps=True)

    @property
    def _holdings(self) -> BlockReader:
        return self._inside.holdings

    @property
    def from_cache(self) -> bool:
        """Whether it was opened from the cache instead of being read."""
        return self._inside.from_cache

    @property
    def report(self) -> Report:
        """The outcome of its verification."""
        return self._inside.report

    @property
    def tree(self) -> Tree:
        """Its nodes."""
        return self._inside.tree

    @cached_property
    def collections(self) -> Sequence[Collection]:
        """The collections, in key order."""
        return self._index.collections()

    def close(self) -> None:
        """Close the source; what needs its bytes fails from now on."""
        self._inside.close()

    @cached_property
    def shape(self) -> Shape:
        """Sizes and histograms; counting them takes longer than most answers."""
        return self._inside.shape

    @property
    def inventory(self) -> Inventory:
        """Counts and lists of what the file holds, also beside the tree."""
        return self._inside.inventory

    def blobs(self, report: Callable[[Progress], None] | None = None) -> Blobs:
        """Return the blobs that records refer to, by CID; reads all records.

        Args:
            report: Called with progress, in records; what it raises ends it.

        Raises:
            LimitExceeded: There are more than memory, or the disk, may hold.
            SourceError: The source was changed.
        """
        return self.inventory.blobs(report)

    @property
    def commit(self) -> Commit | None:
        """The commit; None when there is none that can be read."""
        return self.report.commit

    @property
    def verdict(self) -> Verdict:
        """What the repository is, in one word."""
        return self.report.verdict

    @property
    def frame(self) -> Frame | None:
        """The event that carried this CAR; None for a plain CAR."""
        return self.report.frame

    # The signature

    def check_signature(
        self, key: str | None = None, *, document: str | None = None
    ) -> SignatureCheck:
        """Check the commit's signature with a key, or with that of a DID document.

        Only the commit is read again, and `report` stays what it was.

        Args:
            key: A ``did:key``, or what follows those words. Without key and
                document, only the form of the signature is judged.
            document: The text of a DID document, or of the PLC directory's data.

        Returns:
            The answer, its findings, and the report with these in it.

        Raises:
            SigningKeyError: The text is no key, or no DID document.
            ValueError: Both are given, or the profile judges no commit.
            SourceError: The commit cannot be read any more.
        """
        return self._inside.check_signature(key, document)

    # Orders and searches

    def ordered(
        self,
        numbers: Sequence[int],
        by: Literal["key", "date", "size", "offset"],
        *,
        reverse: bool = False,
    ) -> Sequence[int]:
        """Return the numbers of records in another order; `records_at` takes them.

        Args:
            numbers: Of records.
            by: "key"; "date", that of the TID in the record key; "size", the
                bytes of the block; or "offset", that of its section.
            reverse: Whether the order is descending.
        """
        return ordered(self._index, self._inside.blocks, numbers, by, reverse=reverse)

    def containing(
        self, text: str, numbers: Sequence[int] | None = None
    ) -> Iterator[Searched]:
        """Search all records, or some, for a text; see `text_search.containing`.

        In a file whose records are not in key order, they are searched and
        yielded in file order.
        """
        if numbers is None:
            numbers = range(len(self))
        if self._is_scattered:
            numbers = self.ordered(numbers, "offset")
        from repoview.core.index.text_search import containing  # noqa: PLC0415 (not for every answer)

        return containing(self._index, self._inside.blocks, text, numbers)

    @property
    def _is_scattered(self) -> bool:
        return self._inside.is_scattered

    def prove(self, path: str | bytes) -> Proof:
        """Return whether a repo path is in the repository, with the blocks that say so.

        All of them are read and hashed again. Where one is missing or damaged,
        the answer is unknown, whatever else is known of the path.

        Raises:
            SourceError: The source was changed.
            ValueError: The path cannot be the text of a key.
        """
        # Late: few ask, and every start would wait for it.
        from repoview.core.repo.proof import prove  # noqa: PLC0415 (see above)

        key = path if isinstance(path, bytes) else path.encode()
        return prove(self, self.report, key, self._bare_top(), self._root)

    def proof_steps(self, path: str | bytes) -> Iterator[ProofStep]:
        """Yield what `prove` does, step by step; the last step is the `Proof`.

        Blocks are read as the steps are taken. Raises what `prove` does.
        """
        from repoview.core.repo.proof import proof_steps  # noqa: PLC0415

        key = path if isinstance(path, bytes) else path.encode()
        return proof_steps(self, self.report, key, self._bare_top(), self._root)

    @property
    def _root(self) -> Cid | None:
        """The first root of the header, None for none."""
        header = self._inside.loaded.header
        return header.roots[0] if header is not None and header.roots else None

    def _bare_top(self) -> Cid | None:
        """Return the top node of a tree without a commit, which is the root.

        A tree below a commit that is damaged, or below nothing, is not meant: who
        would say that it is that of the account?
        """
        if self.commit is not None or self.verdict is Verdict.UNREADABLE:
            return None
        top = self.tree.top if len(self.tree) else None
        return top if top == self._root else None

    # Blocks and places

    def locate_cid(self, cid: Cid) -> Location | None:
        """Return the first place where the tree uses a CID, None for none."""
        row = self._inside.blocks.find(cid.raw) if cid.is_blessed else -1
        if row < 0:
            return self._locate_hole(cid)
        nodes = self._inside.nodes
        for what, rows in (("node", nodes.rows), ("record", self._index.rows)):
            try:
                return Location("node" if what == "node" else "record", rows.index(row))
            except ValueError:
                continue
        return Location("block", self._inside.blocks.index.offset(row))

    def _locate_hole(self, cid: Cid) -> Location | None:
        for number, hole in self._inside.nodes.holes.items():
            if hole.cid == cid:
                return Location("node", number)
        for number, missing in self._index.missing.items():
            if missing == cid:
                return Location("record", number)
        odd = self._inside.blocks.odd.get(cid.raw)
        return None if odd is None else Location("block", odd.offset)

    def locate(self, found: Finding) -> Location | None:
        """Return where a finding leads: a record, a node, or a block."""
        if found.path is not None:
            key = bytes.fromhex(found.key_hex) if found.key_hex else found.path
            number = self.find(key)
            if number is not None:
                return Location("record", number)
        if found.cid is not None:
            return self.locate_cid(found.cid)
        return None if found.offset is None else Location("block", found.offset)


def finish(
    opening: Opening,
    report: Callable[[Progress], None] | None = None,
    *,
    keeps: bool = False,
    then: Callable[[Repo], Repo] | None = None,
) -> Repo:
    """Take the steps that are left, and return the repository.

    Args:
        opening: Closed where this raises, unless what is raised can be resumed.
        report: Called with progress; what it raises ends it.
        keeps: Whether what was read is written into the cache at once.
        then: Given the repository, returns it, or closes it and raises.

    Raises:
        MemoryLimitReached: `resume` does the rest, and returns the repository.
        SourceError: The bytes cannot be read.
        Cancelled: It was cancelled.
    """
    try:
        opening.run(report)
    except MemoryLimitReached as error:
        go_on_with(error, partial(finish, opening, report, keeps=keeps, then=then))
        raise
    if keeps:
        opening.keep(report)
    repo = Repo._make(opening)
    return repo if then is None else then(repo)
