"""Answers about the blocks of the file: all of them, by number.

The block table takes a second for a million records, so `make` is called in a
thread; all other answers take milliseconds.
"""

from __future__ import annotations

from array import array
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Final

from repoview.core.block_table.entry import WASTE, FileBlock, Kind, User
from repoview.core.errors import NotFound, RepoviewError
from repoview.core.inventory.unlinked import UnlinkedKind, unlinked_block
from repoview.core.marks import NO_ROW
from repoview.core.repo.inside import inside
from repoview.present import (
    count_text,
    has_hidden,
    percent_text,
    safe,
    short_cid,
    size_text,
)
from repoview.tui.session.detail import (
    block_detail,
    detail_or_why,
    record_detail,
    words_detail,
)
from repoview.tui.values.drawing import Share
from repoview.tui.values.place import Place
from repoview.tui.values.rows import BlockRow

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from repoview.core.block_table.table import BlockTable
    from repoview.core.load.result import Progress
    from repoview.core.repo.repo import Repo
    from repoview.core.verify.report import Report
    from repoview.tui.session.detail import Detail

_AT_ONCE: Final = 1 << 14
_BY_NAME: Final = {kind.label: kind for kind in Kind}
_UNLINKED: Final = "nothing links to it"
_LOOKS: Final = {
    UnlinkedKind.COMMIT: "nothing: a commit",
    UnlinkedKind.NODE: "nothing: a node",
}
_WORDS: Final = {
    Kind.UNLINKED: _UNLINKED,
    Kind.NO_BLOCK: "padding, or a section that is none",
}


class BlockAnswers:
    """Answers about the blocks of one repository's file.

    Args:
        repo: A whole one.
    """

    def __init__(self, repo: Repo) -> None:
        self._repo = repo
        self._table: BlockTable | None = None
        self._by_size: array[int] | None = None
        self.row = lru_cache(maxsize=512)(self._row)

    # In a thread

    def make(self, report: Callable[[Progress], None]) -> None:
        """Build the block table; in any thread.

        Args:
            report: Called after each step; it cancels by raising.
        """
        self._table = inside(self._repo).block_table(report)

    @property
    def is_made(self) -> bool:
        """Whether the block table is built, which the rest needs."""
        return self._table is not None

    def numbers(
        self, name: str | None, *, by_size: bool, check: Callable[[], None]
    ) -> Sequence[int]:
        """Return the numbers of the blocks of one kind; in any thread.

        Args:
            name: Of the kind, as in `counted`; None for all.
            by_size: Whether to sort by size, the largest first; else they are
                in file order.
            check: Called often; it cancels by raising.
        """
        table = self._made
        kind = None if name is None else _BY_NAME[name]
        if not by_size:
            return range(len(table)) if kind is None else table.of_kind(kind)
        if self._by_size is None:
            for numbers in table.by_size():
                check()
                self._by_size = numbers
        found = self._by_size
        assert found is not None  # noqa: S101 (the last item of the generator)
        if kind is None:
            return found
        kinds, chosen = table.kinds, array("I")
        for start in range(0, len(found), _AT_ONCE):
            part = found[start : start + _AT_ONCE]
            chosen.extend([n for n in part if kinds[n] == kind])
            check()
        return chosen

    # Fast answers

    @property
    def _made(self) -> BlockTable:
        assert self._table is not None  # noqa: S101 (`make` was called)
        return self._table

    def counted(self) -> dict[str, int]:
        """Return how many blocks there are of each kind, by its name."""
        return {
            name: self._made.amounts[kind].blocks for name, kind in _BY_NAME.items()
        }

    def shares(self) -> list[Share]:
        """Return the shares of records, nodes, framing and waste in the file."""
        return shares_of(self._made, self._repo.report)

    def wasted(self) -> str:
        """Return in words what the file would not contain if it were rewritten."""
        table = self._made
        missing = table.amounts[Kind.MISSING].blocks
        parts = []
        for kind in WASTE:
            amount = table.amounts[kind]
            size = size_text(amount.whole)
            if kind is Kind.NO_BLOCK and amount.blocks:
                parts.append(f"{size} that are no block")
            elif amount.blocks:
                count = count_text(amount.blocks, "block")
                parts.append(f"{size} {kind.label} ({count})")
        if table.unlisted:
            parts.append(f"{size_text(table.unlisted)} more, not listed")
        share = percent_text(table.wasted, table.size)
        said = ["Nothing is wasted"]
        if parts:
            is_hidden = has_hidden(self._repo.report)
            what = "not reached from the commit" if is_hidden else "wasted"
            said = [f"{share} {what}: {', '.join(parts)}"]
        if missing:
            said.append(f"{count_text(missing, 'block')} missing")
        if shared := self._shared():
            said.append(shared)
        return f"{'. '.join(said)}."

    def _shared(self) -> str:
        """Return how many records share a block with another; "" for none."""
        counts = self._repo.report.counts
        blocks = self._made.amounts[Kind.RECORD].blocks
        records = counts.records - counts.missing_records
        if records <= blocks:
            return ""
        more = count_text(records - blocks, "key")
        share = "shares" if records - blocks == 1 else "share"
        whole = f"{count_text(blocks, 'record block')} for {records:,} records"
        return f"{whole}: {more} {share} the block of another"

    def _row(self, number: int) -> BlockRow:
        table = self._made
        block = table.block(number)
        try:
            cid = table.cid(block)
            says = "" if cid is None else short_cid(cid)
            used = self._used(block, table.users(block))
        except RepoviewError as error:
            says, used = "", safe(str(error), 120)
        return BlockRow(
            block.kind.label,
            self._state(block),
            "" if block.offset is None else f"{block.offset:,}",
            "" if block.length is None else f"{block.length:,}",
            says,
            used,
        )

    def _state(self, block: FileBlock) -> str:
        """Return unsound or damaged; "" for a sound block, or one not checked."""
        if block.row == NO_ROW or block.kind is Kind.DUPLICATE:
            return ""
        state = inside(self._repo).blocks.state(block.row).name
        return {"SOUND": "", "UNSOUND": "unsound"}.get(state, "damaged")

    def _used(self, block: FileBlock, user: User) -> str:
        """Return in words what links to a block."""
        match user.what:
            case "header":
                return "a root of the file"
            case "commit":
                return "top node, from the commit"
            case "node":
                depth = self._repo.tree.node(user.number).depth
                level = "" if depth is None else f" of depth {depth}"
                return f"from node {user.number:,}{level}"
            case "record":
                more = ", and other keys" if user.more else ""
                return safe(self._repo.record(user.number).path, 200) + more
            case "copy":
                return f"a copy of the one at {user.number:,}"
            case _ if block.kind is Kind.UNLINKED and block.row != NO_ROW:
                found = unlinked_block(inside(self._repo).blocks, block.row)
                if found.type is None:
                    return _LOOKS.get(found.kind, _UNLINKED)
                return f"nothing: a record, {safe(found.type, 200)}"
            case _:
                return _WORDS.get(block.kind, "")

    # Places

    def number_at(self, offset: int) -> int:
        """Return the number of the block at a byte; -1 for none."""
        return self._made.number_at(offset)

    def offset(self, number: int) -> int:
        """Return the offset of a block; -1 for a missing one."""
        offset = self._made.block(number).offset
        return -1 if offset is None else offset

    def leads_to(self, number: int) -> Place | None:
        """Return the place of a block's record, node or original; None for none."""
        table = self._made
        block = table.block(number)
        node = table.node(block)
        if node >= 0:
            return Place("tree", "node", node)
        user = table.users(block)
        if user.what == "record":
            return Place("browse", "record", user.number)
        if user.what == "copy" and user.number >= 0:
            return Place("blocks", "block", user.number)
        return None

    # Details

    def nothing(self) -> Detail:
        """Return the placeholder for no block."""
        return words_detail(-1, "Block", "", "There is nothing to show.")

    def detail(self, number: int) -> Detail:
        """Return one block, as far as it can be shown."""
        return detail_or_why(
            "block", self.offset(number), partial(self._detail, number)
        )

    def _detail(self, number: int) -> Detail:
        table = self._made
        block, row = table.block(number), self.row(number)
        user, node = table.users(block), table.node(block)
        if user.what == "record":
            return record_detail(self._repo, user.number)
        cid = table.cid(block)
        offset = -1 if block.offset is None else block.offset
        size = "" if block.length is None else count_text(block.length, "byte")
        if cid is None:
            text = "These bytes are no block: padding, or a section without a CID."
            return words_detail(offset, row.kind, size, text)
        if user.what == "copy":
            text = f"This is {row.used}. Enter goes there."
            title, facts = f"{row.kind} {row.cid}", size
            return words_detail(offset, title, facts, text)
        findings = [f for f in self._repo.report.findings if f.cid == cid]
        if node >= 0:
            return block_detail(self._repo, "node", node, cid, findings)
        return block_detail(self._repo, "block", offset, cid, findings)

    def detail_at(self, offset: int) -> Detail:
        """Return the block whose section begins at *offset*.

        Raises:
            NotFound: No block begins there.
        """
        blocks = inside(self._repo).blocks
        row = blocks.index.row_at(offset)
        cids = [odd.cid for odd in blocks.odd.values() if odd.offset == offset]
        if row >= 0:
            cids = [blocks.cid(row)]
        if not cids:
            raise NotFound(f"no block begins at byte {offset:,}")
        findings = [f for f in self._repo.report.findings if f.offset == offset]
        return block_detail(self._repo, "block", offset, cids[0], findings)


def shares_of(table: BlockTable, report: Report) -> list[Share]:
    """Return the shares of records, nodes, framing and waste in a file.

    Args:
        table: Its block table.
        report: Its findings.
    """
    amounts = table.amounts
    records = amounts[Kind.RECORD].data
    nodes = amounts[Kind.NODE].data
    framing = table.size - table.wasted - records - nodes
    wasted = "not reached" if has_hidden(report) else "wasted"
    return [
        _share("records", records, table.size),
        _share("nodes", nodes, table.size),
        _share("header, commit, CIDs and lengths", framing, table.size),
        _share(wasted, table.wasted, table.size),
    ]


def _share(label: str, size: int, whole: int) -> Share:
    return Share(label, size, f"{size_text(size)} · {percent_text(size, whole)}")
