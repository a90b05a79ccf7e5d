"""The one bridge between the screens and a repository.

Answers what screens and widgets ask, in values whose text is safe to show. No
widget knows the engine, and no text reaches one except through here.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from repoview.core import dagcbor
from repoview.core.cid import Cid
from repoview.core.errors import (
    BlockMissing,
    CidError,
    NotFound,
    RepoviewError,
)
from repoview.core.seam import NodeKind
from repoview.core.tree import RecordRef
from repoview.present import (
    completeness_text,
    finding_details,
    json_text,
    meaning_text,
    message_text,
    place_text,
    range_text,
    safe,
    safe_lines,
    short_cid,
    size_text,
    summary,
    tid_date,
    verdict_word,
)
from repoview.tui.rows import (
    CollectionRow,
    Detail,
    FindingRow,
    HexSpan,
    RecordRow,
    TreeLine,
)

if TYPE_CHECKING:
    from array import array
    from collections.abc import Sequence

    from repoview.core.findings import Finding
    from repoview.core.repo import Location, Repo

ANNOTATED: Final = 64 * 1024
"""Bytes of a block that are annotated; the rest is shown as they are."""

DECODED: Final = 256 * 1024
"""Bytes of a record up to which a row is worth a summary: decoding a larger
one would hold up the keys."""

LINE: Final = 400
"""Characters of a line of JSON, until the reader asks for all of it."""

FULL_LINE: Final = 200_000
_LINES: Final = 5_000
_FULL_LINES: Final = 50_000


class Session:
    """One visit to one repository.

    Args:
        repo: Loaded and verified; the session closes it.
    """

    def __init__(self, repo: Repo) -> None:
        self.repo = repo
        self.row = lru_cache(maxsize=512)(self._row)

    def close(self) -> None:
        """Let go of the source."""
        self.repo.close()

    # The whole

    def verdict(self) -> tuple[str, str, str]:
        """Return the verdict's word, its meaning, and what is missing."""
        report = self.repo.report
        return verdict_word(report), meaning_text(report), completeness_text(report)

    def remark(self) -> str:
        """Return what the verdict rests on, where that is not reading the file now."""
        if not self.repo.from_cache:
            return ""
        return (
            "So it was when the file was last read; the cache knows it from there, "
            "and repoview verify proves it again."
        )

    def account(self) -> str:
        """Return whose repository it is, and of when."""
        commit = self.repo.commit
        if commit is None:
            return "no commit"
        did = safe(commit.did or "no DID", 80)
        if commit.rev is None:
            return f"{did} · no rev"
        date = tid_date(commit.rev)
        when = f" ({date})" if date else ""
        return f"{did} · rev {safe(commit.rev, 40)}{when}"

    def findings(self) -> list[FindingRow]:
        """Return all findings, the gravest first, then by place."""
        found = sorted(self.repo.report.findings, key=lambda f: -f.severity.rank)
        return [_finding_row(each) for each in found]

    def findings_counted(self) -> dict[str, int]:
        """Return the number of findings by severity, gravest first."""
        return dict(self.repo.report.counts.findings)

    def finding_place(self, number: int) -> Location | None:
        """Return where a finding of `findings` leads."""
        found = sorted(self.repo.report.findings, key=lambda f: -f.severity.rank)
        return self.repo.locate(found[number])

    def collections(self) -> list[CollectionRow]:
        """Return the collections, in key order."""
        return [
            CollectionRow(
                safe(c.name, 120) or "(no collection)", c.count, size_text(c.bytes)
            )
            for c in self.repo.collections
        ]

    # Records

    def numbers(self, collection: int | None) -> Sequence[int]:
        """Return the records of a collection by its number, or all."""
        if collection is None:
            return range(len(self.repo))
        ranges = self.repo.collections[collection].ranges
        if len(ranges) == 1:
            return ranges[0]
        return [number for each in ranges for number in each]

    def filtered(self, collection: int | None, needle: str) -> Sequence[int]:
        """Return those of `numbers` whose path contains *needle*."""
        if not needle:
            return self.numbers(collection)
        if collection is None:
            return self.repo.search(needle)
        found: array[int] | None = None
        for each in self.repo.collections[collection].ranges:
            hits = self.repo.search(needle, each.start, each.stop)
            found = hits if found is None else found + hits
        return found if found is not None else []

    def collection_of(self, number: int) -> int | None:
        """Return the number of the collection that a record is in."""
        for place, collection in enumerate(self.repo.collections):
            if any(number in each for each in collection.ranges):
                return place
        return None

    def _row(self, number: int) -> RecordRow:
        record = self.repo.record(number)
        size = record.size
        text = {"missing": "its block is not in the file"}.get(record.state, "")
        if not text and size is not None:
            text = "" if size > DECODED else self._summary(number)
        return RecordRow(
            safe(record.collection, 120),
            safe(record.rkey, 80),
            tid_date(record.rkey) or "",
            "" if size is None else size_text(size),
            text,
            record.state,
        )

    def _summary(self, number: int) -> str:
        try:
            return summary(self.repo.record(number).value)
        except RepoviewError as error:
            return safe(str(error), 120)

    def record(self, number: int, *, full: bool = False) -> Detail:
        """Return one record, as much of it as can be shown.

        Args:
            number: Of the record.
            full: Whether long lines are wanted whole.
        """
        record = self.repo.record(number)
        facts = [record.state] if record.state != "sound" else []
        if record.size is not None:
            facts += [size_text(record.size), f"byte {record.offset:,}"]
        facts.append(short_cid(record.cid))
        if date := tid_date(record.rkey):
            facts.append(date)
        try:
            value, data = record.value, record.data
            lines, is_json = self._lines(value, full=full), True
        except RepoviewError as error:
            lines, is_json = safe_lines(str(error)), False
            data = self._damaged(record.cid)
        return Detail(
            safe(record.path, 200),
            " · ".join(facts),
            lines,
            is_json,
            data,
            _spans(data) if record.cid.is_plain else [],
            [_finding_row(found) for found in record.findings],
            safe(record.at_uri, 400),
            str(record.cid),
        )

    def node(self, number: int) -> Detail:
        """Return one node of the tree, as much of it as can be shown."""
        node = self.repo.tree.node(number)
        findings = [f for f in self.repo.report.findings if f.cid == node.cid]
        return self._block_detail(node.cid, "MST node", findings)

    def block_at(self, offset: int) -> Detail:
        """Return the block whose section begins at *offset*.

        Raises:
            NotFound: No block begins there.
        """
        row = self.repo.blocks.index.row_at(offset)
        if row < 0:
            raise NotFound(f"no block begins at byte {offset:,}")
        cid = self.repo.blocks.cid(row)
        findings = [f for f in self.repo.report.findings if f.offset == offset]
        return self._block_detail(cid, "block", findings)

    def _block_detail(self, cid: Cid, what: str, findings: list[Finding]) -> Detail:
        try:
            block = self.repo.block(cid, damaged=True)
        except RepoviewError as error:
            lines, data, facts = safe_lines(str(error)), b"", ["not there"]
            is_json = False
        else:
            data = block.data
            facts = [block.role, block.state, size_text(len(data))]
            facts.append(f"byte {block.offset:,}")
            value = dagcbor.diagnose(data[:ANNOTATED]).value
            lines, is_json = self._lines(value, full=False), True
        return Detail(
            f"{what} {short_cid(cid)}",
            " · ".join(facts),
            lines,
            is_json,
            data,
            _spans(data),
            [_finding_row(found) for found in findings],
            "",
            str(cid),
        )

    def _lines(self, value: dagcbor.Value, *, full: bool) -> list[str]:
        limit, most = (FULL_LINE, _FULL_LINES) if full else (LINE, _LINES)
        return safe_lines(json_text(value), limit, most)

    def _damaged(self, cid: Cid) -> bytes:
        """Return the bytes of a block that does not hash; none for a missing one."""
        try:
            return self.repo.block(cid, damaged=True).data
        except RepoviewError:
            return b""

    # Places

    def find_place(self, text: str) -> Location | None:
        """Return what a reader's words lead to; None when there is no such place.

        A number, a repo path, an AT URI, a CID, or ``@`` and a byte position.
        """
        from repoview.core.repo import Location  # noqa: PLC0415 (not before opening)

        text = text.strip()
        bare = text.replace(",", "")
        if bare.isdecimal() and len(bare) < 12:
            number = int(bare)
            return Location("record", number) if number < len(self.repo) else None
        if bare[:1] == "@" and bare[1:].isdecimal():
            return Location("block", int(bare[1:]))
        path = text
        if text.startswith("at://"):
            path = text.removeprefix("at://").partition("/")[2]
        number_found = self.repo.find(path)
        if number_found is not None:
            return Location("record", number_found)
        try:
            cid = Cid.parse(text)
        except CidError:
            return None
        return self.repo.locate_cid(cid)

    # The tree

    def tree_top(self) -> TreeLine | None:
        """Return the line of the top node, None without a tree."""
        return self._node_line(0, 0) if len(self.repo.tree) else None

    def tree_children(self, number: int, depth: int) -> list[TreeLine]:
        """Return the lines under a node, indented by *depth*."""
        try:
            items = self.repo.tree.children(number)
        except BlockMissing:
            return []
        lines: list[TreeLine] = []
        for item in items:
            if isinstance(item, RecordRef):
                path = safe(self.repo.record(item.number).path, 200)
                lines.append(
                    TreeLine(item.number, False, depth, path, "", False, False)  # noqa: FBT003 (fields of a row)
                )
            else:
                lines.append(self._node_line(item, depth))
        return lines

    def way_to_record(self, number: int) -> list[int]:
        """Return the nodes from the top to the one that holds a record."""
        return self.repo.tree.way_to(self.repo.record(number).key)

    def way_to_node(self, number: int) -> list[int]:
        """Return the nodes from the top to one node."""
        way = [number]
        while (parent := self.repo.tree.node(way[0]).parent) is not None:
            way.insert(0, parent)
        return way

    def _node_line(self, number: int, depth: int) -> TreeLine:
        node = self.repo.tree.node(number)
        level = "depth ?" if node.depth is None else f"depth {node.depth}"
        if node.kind is NodeKind.NODE:
            count = node.record_count
            facts = f"{count:,} record{'' if count == 1 else 's'}"
            if node.size is not None:
                facts += f" · {size_text(node.size)}"
            facts += f" · {short_cid(node.cid)}"
            return TreeLine(number, True, depth, level, facts, True, False)  # noqa: FBT003 (fields of a row)
        text = f"{node.kind.label} node"
        if node.kind is NodeKind.NOT_A_NODE:
            text = "a block that is no node"
        hidden = f"hides {range_text(node.lo, node.hi)} · {short_cid(node.cid)}"
        return TreeLine(number, True, depth, text, hidden, False, True)  # noqa: FBT003 (fields of a row)


def _finding_row(found: Finding) -> FindingRow:
    return FindingRow(
        found.code,
        found.severity.value,
        message_text(found),
        place_text(found),
        finding_details(found),
    )


def _spans(data: bytes) -> list[HexSpan]:
    """Return the meaning of every byte; beyond a bound, only that they are."""
    spans = [
        HexSpan(span.start, span.end, span.depth, span.kind, _meaning(span))
        for span in dagcbor.annotate(data[:ANNOTATED])
    ]
    if len(data) > ANNOTATED:
        text = f"{len(data) - ANNOTATED:,} more bytes, not annotated"
        spans.append(HexSpan(ANNOTATED, len(data), 0, "tail", text))
    return spans


def _meaning(span: dagcbor.Span) -> str:
    return safe(span.meaning, 120)
