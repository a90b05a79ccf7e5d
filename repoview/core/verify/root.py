"""Find where the tree begins: the root's commit, or a substitute.

The header's first root should be the commit. Where it is missing, damaged or
something else, another commit is looked for among the blocks. If that one has
a tree, the header is what is wrong, and not the repository.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Unpack

from repoview.core.cid import DAG_PB, PLAIN_PREFIX, Cid, codec_name
from repoview.core.findings.findings import (
    Findings,
    Place,
    Profile,
    Scope,
    Severity,
    finding,
)
from repoview.core.formats.commit import is_of_space, read_commit, what_it_is
from repoview.core.formats.dagcbor import strict as dagcbor
from repoview.core.formats.mst import read_node
from repoview.core.frozen import frozen
from repoview.core.marks import COMMIT, State
from repoview.core.verify.recover import find_commit, find_top
from repoview.core.wording import count_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from repoview.core.findings.findings import Finding
    from repoview.core.formats.commit import Commit
    from repoview.core.load.result import Loaded


@frozen
class Root:
    """Where the tree begins."""

    commit: Commit | None = None
    top: Cid | None = None
    holder: int = 0
    """Section of the block that links to the top node."""

    damaged: bool = False
    """The root's own block does not hash to its CID."""

    guessed: bool = False
    """Nothing links to the top node: it is the highest node without a parent."""


def find_root(
    loaded: Loaded, findings: Findings, pause: Callable[[], None] = lambda: None
) -> Root:
    """Return where the tree of *loaded* begins, and report what is wrong there.

    Args:
        loaded: The blocks of a source, indexed.
        findings: Takes what is found; its profile says what a root may be.
        pause: Called every few milliseconds of a search; what it raises ends it.
    """
    if loaded.header is None:
        return Root()
    finder = _Finder(loaded, findings, pause)
    root = finder.find()
    if findings.profile is Profile.MST_ONLY:
        finder.judge_bare(root)
    return root


class _Finder:
    """Looks for the root of one source."""

    def __init__(
        self, loaded: Loaded, findings: Findings, pause: Callable[[], None]
    ) -> None:
        assert loaded.header is not None  # noqa: S101 (the caller looked)
        self._loaded = loaded
        self._blocks = loaded.blocks
        self._header = loaded.header
        self._findings = findings
        self._pause = pause

    def find(self) -> Root:
        """Follow the first root, or look for what it should be."""
        roots = self._header.roots
        if not roots:
            return self._search()
        cid = roots[0]
        if cid.is_plain:
            return self._read(cid) if self._has(cid) else self._without(cid)
        text = f"the root {cid} is {_form(cid)}, not dag-cbor with sha-256"
        self._add("CAR016", text, offset=self._header.offset, cid=cid)
        if len(cid.digest) == 32:
            plain = Cid(PLAIN_PREFIX + cid.digest)
            if self._has(plain):
                return self._read(plain)
        return self._search()

    def judge_bare(self, root: Root) -> None:
        """Report that there is no tree, or none that a root or commit names.

        Where no commit is asked for, no other finding says so.
        """
        named = root.top is not None and not root.guessed
        if named or root.damaged or self._loaded.limited:
            return
        text, at = "the file holds no tree that a root leads to", None
        for cid in self._header.roots[:1]:
            if self._has(cid):
                row = self._blocks.find(cid.raw)
                what = what_it_is(dagcbor.diagnose(self._blocks.read(row)).value)
                text = f"the root block is {what}, not an MST node"
                at = Place(offset=self._blocks.index.offset(row), cid=cid)
        self._add("MST001", text, at=at, severity=Severity.FATAL)

    # A root that is there

    def _read(self, cid: Cid) -> Root:
        blocks = self._blocks
        row = blocks.find(cid.raw)
        offset = blocks.index.offset(row)
        if blocks.state(row) is State.WRONG_HASH:
            blocks.index.add_mark(row, COMMIT)
            text = f"the root {cid} is damaged: its bytes do not hash to its CID"
            self._add("BLK001", text, offset=offset, cid=cid)
            return replace(self._search(quiet=True), damaged=True)
        data = blocks.read(row)
        if self._findings.profile is Profile.MST_ONLY and _is_node(data):
            return Root(top=cid, holder=offset)
        commit, found = read_commit(data, cid, offset)
        if commit is None:
            return self._instead_of(Root(top=cid, holder=offset), data, found)
        self._take(found)
        return Root(commit, commit.data, offset)

    def _instead_of(self, root: Root, data: bytes, found: list[Finding]) -> Root:
        """Look for a commit in place of a *root* that is none, as *found* says."""
        commit = self._find_commit()
        if commit is not None and self._has_tree(commit):
            scope, tail = Scope.CONTAINER, self._taken(commit)
            for each in found:
                if each.code == "COM002":
                    each = replace(each, message=each.message + tail)  # noqa: PLW2901 (it stands in its place)
                severity = min(each.severity, Severity.ERROR)
                self._findings.add(replace(each, severity=severity, scope=scope))
            return self._root_of(commit)
        self._take(found)
        if _is_node(data):
            # Without a commit there is no repository, but maybe a tree.
            return root
        if commit is not None:
            return self._root_of(commit)
        if len(self._header.roots) == 2 and is_of_space(dagcbor.diagnose(data).value):
            self._tell_of_space(root.holder)
            return Root()
        return self._guess()

    def _tell_of_space(self, offset: int) -> None:
        """Say that the file is of a permissioned space, and what it holds.

        Args:
            offset: Section of its commit.
        """
        cid, index = self._header.roots
        row = self._blocks.find(index.raw) if index.is_plain else -1
        what = "an index that is missing or damaged"
        if row >= 0 and self._blocks.state(row) is not State.WRONG_HASH:
            value = dagcbor.diagnose(self._blocks.read(row)).value
            entries = len(value) if isinstance(value, dict) else 0
            what = f"an index of {count_text(entries, 'record')}"
        text = f"the file is of a permissioned space: a commit, {what}, and no tree"
        self._add("SPC001", text, offset=offset, cid=cid)

    # A root that is not there

    def _without(self, cid: Cid) -> Root:
        """Say that the root's block is not there, and look for another commit."""
        if self._loaded.limited:
            # It may be in the part that was not read.
            return self._search(quiet=True)
        root = self._search()
        text, scope = f"the root {cid} is not in the file", Scope.MISSING
        if root.commit is not None and self._has_tree(root.commit):
            # The repository is there, and the header names another.
            text, scope = text + self._taken(root.commit), Scope.CONTAINER
        self._add("CAR020", text, scope=scope, offset=self._header.offset, cid=cid)
        return root

    def _search(self, *, quiet: bool = False) -> Root:
        """Look for a commit among all blocks, and for a bare tree after that."""
        commit = self._find_commit()
        if commit is not None:
            return self._root_of(commit)
        if not quiet:
            text = "the file holds no commit"
            if self._holds_files():
                text += "; it is no repository, but files of IPFS (dag-pb, UnixFS)"
            self._add("COM001", text)
        return self._guess()

    def _find_commit(self) -> Commit | None:
        return find_commit(self._blocks, self._pause, self._header.roots)

    def _root_of(self, commit: Commit) -> Root:
        """Return the root that is *commit*, and report what is wrong with it."""
        data = self._blocks.read(self._blocks.find(commit.cid.raw))
        self._take(read_commit(data, commit.cid, commit.offset)[1])
        return Root(commit, commit.data, commit.offset)

    def _guess(self) -> Root:
        top = find_top(self._blocks, self._pause)
        if top is None:
            return Root()
        return Root(None, top.cid, top.offset, guessed=True)

    def _has(self, cid: Cid) -> bool:
        return cid.is_plain and self._blocks.find(cid.raw) >= 0

    def _has_tree(self, commit: Commit) -> bool:
        return commit.data is not None and self._has(commit.data)

    def _holds_files(self) -> bool:
        """Tell whether a root, or else a block, is of IPFS files (dag-pb)."""
        odd = (each.cid for each in self._blocks.odd.values())
        return any(cid.codec == DAG_PB for cid in self._header.roots or odd)

    @staticmethod
    def _taken(commit: Commit) -> str:
        return f"; the commit at byte {commit.offset:,} is taken in its place"

    def _take(self, found: list[Finding]) -> None:
        for each in found:
            self._findings.add(each)

    def _add(
        self, code: str, text: str, *, at: Place | None = None, **more: Unpack[Place]
    ) -> None:
        self._findings.add(finding(code, text, at=at, **more))


def _form(cid: Cid) -> str:
    """Return of what form a CID is: "dag-pb", "a CIDv0 (dag-pb)"."""
    return "a CIDv0 (dag-pb)" if cid.version == 0 else codec_name(cid.codec)


def _is_node(data: bytes) -> bool:
    """Tell whether *data* reads as an MST node, sound or not."""
    if read_node(data) is not None:
        return True
    value = dagcbor.diagnose(data).value
    return isinstance(value, dict) and "e" in value and "did" not in value
