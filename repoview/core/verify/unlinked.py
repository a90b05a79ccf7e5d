"""Judge what the tree did not use, and what it used twice.

Whether a block is linked to is known only once the walk is over, so damage
outside the tree, copies, and blocks of older revisions are reported here.
"""

from __future__ import annotations

from hashlib import sha256
from itertools import islice
from typing import TYPE_CHECKING, Unpack

from repoview.core import limits
from repoview.core.findings.findings import Findings, Scope, finding
from repoview.core.formats.commit import Commit, is_commit
from repoview.core.formats.dagcbor import strict as dagcbor
from repoview.core.formats.mst import read_node
from repoview.core.kernel import kernel
from repoview.core.marks import AGAIN, LINKED, NODE, RECORD, STATE, State
from repoview.core.wording import agreed, count_text

if TYPE_CHECKING:
    from repoview.core.cid import Cid
    from repoview.core.findings.findings import Place
    from repoview.core.kernel.seam import Copies, Rows, Tally
    from repoview.core.load.result import Loaded


class Unlinked:
    """Judges one source after the walk over its tree.

    Args:
        loaded: What was loaded; its index carries the marks of the walk.
        findings: Collects what is found.
    """

    def __init__(self, loaded: Loaded, findings: Findings) -> None:
        self._loaded = loaded
        self._blocks = loaded.blocks
        self._findings = findings
        self.cids: dict[str, list[Cid]] = {}
        """The first CIDs of what is counted, by what they are."""

    def judge(self, commit: Commit | None) -> tuple[int, int]:
        """Report on all of these; return number and bytes of unlinked blocks."""
        tally = kernel.tally(self._blocks.index)
        self._name(tally)
        self._judge_copies(tally)
        self._judge_damaged(tally)
        text = "the block is used both as a node and as a record"
        self._add_rows("MST025", text, tally.two_roles, NODE | RECORD)
        text = "the block is the record of more than one key"
        self._add_rows("REC011", text, tally.shared, AGAIN)
        self._judge_duplicates()
        odd = self._blocks.odd
        unlinked = tally.unlinked + odd.unlinked
        size = tally.unlinked_bytes + odd.unlinked_bytes
        if unlinked:
            self._judge_amount(unlinked, size)
            self._judge_old(tally, commit)
            self._judge_unsound(tally)
        return unlinked, size

    def _name(self, tally: Tally) -> None:
        """Keep the CIDs of the first blocks of each count."""
        blocks = self._blocks
        unlinked = [blocks.cid(row) for row in tally.unlinked_first]
        odd = (each.cid for each in blocks.odd.unlinked_values())
        unlinked += islice(odd, limits.FINDINGS_A_CODE - len(unlinked))
        self.cids["unlinked_blocks"] = unlinked
        copied = [blocks.cid(row) for row in tally.duplicated_first]
        self.cids["duplicate_blocks"] = copied

    def _judge_copies(self, tally: Tally) -> None:
        """A copy that does not hash is BLK003 where another one does."""
        other = "another copy of the block does not hash to its CID"
        neither = "another copy of the block does not hash to its CID either"
        self._add_copies("BLK003", other, tally.bad_copies, Scope.CONTAINER)
        self._add_copies("BLK001", neither, tally.bad_copies_linked, Scope.TREE)
        self._add_copies("BLK001", neither, tally.bad_copies_unlinked, Scope.CONTAINER)

    def _add_copies(self, code: str, text: str, copies: Copies, scope: Scope) -> None:
        for copy in copies.first:
            cid = self._blocks.cid(copy.row)
            self._add(code, text, scope=scope, offset=copy.offset, cid=cid)
        if more := copies.total - len(copies.first):
            # Only counted: there may be millions.
            self._findings.count_more(finding(code, text, scope=scope), more)

    def _judge_damaged(self, tally: Tally) -> None:
        scope = Scope.CONTAINER
        text = "a block that nothing links to does not hash to its CID"
        missing = {
            each.cid.digest
            for each in self._findings.kept
            if each.code in {"BLK008", "BLK009"} and each.cid is not None
        }
        rows = tally.unlinked_damaged
        for row in rows.first:
            digest = sha256(self._blocks.outline(row)).digest()
            says = text
            if digest in missing:
                says = "a block's CID is damaged: its bytes are those of a missing one"
            at, found = self._place(row), digest.hex()
            self._add("BLK001", says, at=at, scope=scope, found=found)
        if more := self._more(rows, LINKED | STATE, State.WRONG_HASH):
            self._findings.count_more(finding("BLK001", text, scope=scope), more)
        first, total = self._blocks.odd.unlinked_of(State.WRONG_HASH)
        for odd in first:
            place: Place = {"offset": odd.offset, "cid": odd.cid}
            self._add("BLK001", text, at=place, scope=scope)
        if more := total - len(first):
            self._findings.count_more(finding("BLK001", text, scope=scope), more)

    def _judge_duplicates(self) -> None:
        index = self._blocks.index
        if index.duplicates:
            amount = count_text(index.duplicates, "block")
            size = count_text(index.duplicate_bytes, "byte")
            stand = agreed(index.duplicates, "stands", "stand")
            text = f"{amount} ({size}) {stand} in the file more than once"
            self._add("BLK002", text, count=index.duplicates)

    def _judge_amount(self, unlinked: int, size: int) -> None:
        amount = f"{count_text(unlinked, 'block')} ({count_text(size, 'byte')})"
        text = f"nothing links to {amount}"
        self._add("BLK004", text, count=unlinked)
        whole = self._loaded.end - self._loaded.start
        if size * 2 > whole:
            share = 100 * size // whole
            text = f"blocks that nothing links to make up {share} % of the file"
            self._add("BLK005", text, expected="at most 50 %", found=f"{share} %")

    def _judge_old(self, tally: Tally, commit: Commit | None) -> None:
        """Report sound unlinked blocks that look like nodes or commits."""
        nodes = commits = 0
        first_nodes = self.cids["unlinked_nodes"] = []
        first_commits = self.cids["unlinked_commits"] = []
        for row in tally.unlinked_untyped:
            data = self._blocks.read(row)
            if read_node(data) is not None:
                nodes += 1
                if nodes <= limits.FINDINGS_A_CODE:
                    first_nodes.append(self._blocks.cid(row))
            elif b"cdid" in data and is_commit(dagcbor.decode(data)):
                commits += 1
                if commits <= limits.FINDINGS_A_CODE:
                    first_commits.append(self._blocks.cid(row))
        if nodes + commits:
            old = nodes + commits
            like = agreed(
                old, "looks like a node or commit", "look like nodes or commits"
            )
            text = f"{old:,} of them {like} of before"
            if len(tally.unlinked_untyped) == limits.UNLINKED_LOOKED_AT:
                text += f" (of the first {limits.UNLINKED_LOOKED_AT:,} looked at)"
            self._add("BLK011", text, count=nodes + commits)
        if commits:
            whole = commits + (commit is not None)
            self._add(
                "COM017", f"the file holds {count_text(whole, 'commit')}", count=whole
            )

    def _judge_unsound(self, tally: Tally) -> None:
        for row in tally.unlinked_unsound:
            length = self._blocks.index.length(row)
            if length > limits.MAX_RECORD:
                code = "BLK007" if length > limits.LARGE_BLOCK else "BLK006"
                text = f"a block that nothing links to has {length:,} bytes"
                most, size = f"at most {limits.MAX_RECORD:,}", f"{length:,}"
                place = self._place(row)
                self._add(code, text, at=place, expected=most, found=size)
                continue
            faults = dagcbor.diagnose(self._blocks.read(row)).faults
            wrong = [fault for fault in faults if fault.code.startswith("CBR")]
            if wrong:
                text = f"a block that nothing links to: {wrong[0].message}"
                self._add("BLK012", text, at=self._place(row))

    def _add_rows(self, code: str, text: str, rows: Rows, bits: int) -> None:
        """Report one finding a row; those over the limit are only counted.

        Args:
            code: Of the findings.
            text: Their message.
            rows: Those that were counted.
            bits: What all of them are marked with.
        """
        for row in rows.first:
            self._add(code, text, at=self._place(row))
        if more := self._more(rows, bits, bits):
            self._findings.count_more(finding(code, text), more)

    def _more(self, rows: Rows, among: int, bits: int) -> int:
        """Return how many rows are only counted, without those on the skip list.

        Args:
            rows: Those that were counted.
            among: The bits of a mark that count.
            bits: What these are in all of the rows.
        """
        more = rows.total - len(rows.first)
        if not more or not self._findings.known:
            return more
        index, first = self._blocks.index, set(rows.first)
        found = (self._blocks.find(cid.raw) for cid in self._findings.known)
        known = sum(
            row >= 0 and row not in first and index.mark(row) & among == bits
            for row in found
        )
        self._findings.skip_more(known)
        return more - known

    def _place(self, row: int) -> Place:
        return {
            "offset": self._blocks.index.offset(row),
            "cid": self._blocks.cid(row),
        }

    def _add(
        self, code: str, text: str, *, at: Place | None = None, **more: Unpack[Place]
    ) -> None:
        self._findings.add(finding(code, text, at=at, **more))
