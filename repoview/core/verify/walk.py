"""Walk the tree: depth-first, left to right, and judge what the kernel refuses.

`kernel.walk` goes on while everything is sound. What it stops at is judged
here, one node or one record at a time: every broken rule of order, range,
depth and shape becomes a finding, what can still be read is walked, and what
cannot becomes a hole with the range of keys that it hides.

Source: atproto repository v3, "MST Structure".
"""

from __future__ import annotations

from collections import defaultdict
from hashlib import sha256
from itertools import islice
from typing import TYPE_CHECKING, Final, Unpack

from repoview.core import limits
from repoview.core.errors import DagCborError
from repoview.core.findings.findings import Scope, Severity, bare, finding
from repoview.core.formats.dagcbor.strict import decode
from repoview.core.formats.key import collection_of, path_of
from repoview.core.formats.node_faults import Recovered, recover_node
from repoview.core.formats.record_faults import record_findings, type_findings
from repoview.core.index.missing import MissingRecords
from repoview.core.kernel import kernel
from repoview.core.kernel.counted_faults import OF_KEYS, add_counted, counted
from repoview.core.kernel.seam import Child, CountedFault, Hole, NodeKind, Stop, Value
from repoview.core.load.tail import Tail
from repoview.core.marks import NO_ROW, NODE, RAW_CODEC, RECORD, STATE, State
from repoview.core.verify.letter_case import LetterCase
from repoview.core.verify.tree_rules import NodeRules, key_place, range_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from repoview.core.blocks.blocks import Blocks
    from repoview.core.blocks.odd_blocks import OddBlock
    from repoview.core.cid import Cid
    from repoview.core.findings.findings import Finding, Findings, Place
    from repoview.core.formats.dagcbor.strict import Value as Decoded
    from repoview.core.kernel.seam import Batch

_UNHASHED: Final = "CID006"
"""The code of an identity CID, which names its data without a hash."""

_MAP: Final = 5
"""The major type of a map."""

BATCH: Final = 8_192
"""Records or nodes of one batch: few enough that a cancel is noticed within a
fraction of a second, many enough that the overhead of a batch is negligible."""


class Walk:
    """One walk over a tree; findings go where the caller wants them.

    Args:
        blocks: The blocks, marked as the walk meets them.
        findings: Collects what is wrong.
    """

    def __init__(self, blocks: Blocks, findings: Findings) -> None:
        self.blocks = blocks
        self.state = kernel.WalkState()
        self.missing_nodes = 0
        self.missing_records = 0
        self.cids: dict[str, list[Cid]] = defaultdict(list)
        """The first of those that are missing or damaged, by what they are."""
        self.damaged_nodes = 0
        """Those that the tree needs and whose bytes do not prove to be theirs."""
        self.damaged_records = 0
        self.nodes = 0
        self.links = 0
        """Nodes, and links that led to none."""
        self.records = 0
        self.key_bytes = 0
        """Of all keys so far."""
        self.tail = Tail()
        """What is missing behind the last block met."""
        self.letter_case = LetterCase(blocks)
        """Which keys differ only in the case of their letters."""
        self._findings = findings
        self.slice_expected = False
        """Whether missing blocks are to be expected."""
        self._begun = False

    def batches(self, top: Cid, holder: int) -> Iterator[Batch]:
        """Walk the tree below *top*, and yield what was met, in walk order.

        Args:
            top: The link to the top node.
            holder: Section of the block that holds this link.
        """
        self.begin(top, holder)
        while True:
            stop = kernel.walk(self.blocks, self.state, BATCH)
            if stop is Stop.HANDED_OVER:
                self._judge()
                # A tree of nothing but faults must come in batches too.
                if not self.state.holds(BATCH):
                    continue
            yield self._account(self.state.take())
            if stop is Stop.END:
                return

    def begin(self, top: Cid, holder: int) -> None:
        """Start above the top node, unless the walk has begun already."""
        if not self._begun:
            self._begun = True
            self.state.begin(top, holder)

    def ahead(self, *, eager: bool = False) -> Iterator[Batch]:
        """Walk on while the file is still being read, as far as that goes.

        Yields full batches only, unless *eager*. Walks only what is plainly
        sound and read by now; `batches` does the rest, so findings do not
        depend on how far this came.
        """
        while kernel.walk(self.blocks, self.state, BATCH, complete=False) is Stop.FULL:
            yield self._account(self.state.take())
        if eager:
            yield from self.met()

    def met(self) -> Iterator[Batch]:
        """Yield what was met by now and not yielded, if anything was."""
        if self.state.holds(1):
            yield self._account(self.state.take())

    def _judge(self) -> None:
        """Do the step that the kernel stopped in front of."""
        offset, depth, step = self.state.next_step()
        if isinstance(step, Value):
            self._judge_record(offset, step)
        else:
            self._judge_child(depth, step, offset)

    def _account(self, batch: Batch) -> Batch:
        """Count a batch, and report the holes in it."""
        first_node = self.links
        self.tail.take(batch, self.records)
        self.letter_case.take(batch, self.records, self.key_bytes)
        kinds = batch.nodes.kinds
        self.links += len(kinds)
        self.nodes += kinds.count(NodeKind.NODE)
        self.records += len(batch.rows)
        severity = Severity.INFO if self.slice_expected else None
        for number, hole in batch.holes.items():
            if kinds[number - first_node] == NodeKind.MISSING:
                self.missing_nodes += 1
                self._name("missing_nodes", [hole.cid])
                self._add(
                    "BLK008",
                    f"a node is missing: it holds {range_text(hole)}",
                    severity=severity,
                    offset=hole.parent_offset,
                    cid=hole.cid,
                )
        self._account_missing(batch, severity)
        add_counted(self._findings, batch.faults)
        self.damaged_records += batch.faults[CountedFault.DAMAGED]
        self.key_bytes += len(batch.keys)
        return batch

    def _name(self, kind: str, cids: Iterable[Cid]) -> None:
        """Keep some CIDs, up to as many as are shown."""
        known = self.cids[kind]
        known += islice(cids, limits.FINDINGS_A_CODE - len(known))

    def _account_missing(self, batch: Batch, severity: Severity | None) -> None:
        """Report the records whose block is not there; past 100, only count."""
        if not batch.missing.numbers:
            return
        missing = MissingRecords()
        missing.extend(batch.missing)
        odd, count = self.blocks.odd, len(missing)
        absent: Iterable[tuple[tuple[int, Cid], int]]
        absent = zip(missing.items(), batch.missing.parents, strict=True)
        if odd:
            # Blocks of odd CIDs have no row, and may be there all the same.
            known = [each for each in absent if each[0][1].raw not in odd]
            absent, count = known, len(known)
            self._name("missing_records", (cid for (_, cid), _ in known))
        else:
            self._name("missing_records", (cid for _, cid in missing.items()))
        self.missing_records += count
        if self._findings.known:
            known = [each for each in absent if each[0][1] not in self._findings.known]
            self._findings.skip_more(count - len(known))
            absent, count = known, len(known)
        first = self.records - len(batch.rows)
        for (number, cid), parent in islice(absent, self._findings.room("BLK009")):
            at = number - first
            start = batch.ends[at - 1] - self.key_bytes if at else 0
            key = batch.keys[start : batch.ends[at] - self.key_bytes]
            self._add(
                "BLK009",
                f"the record of {path_of(key)!a} is missing",
                at=key_place(key),
                severity=severity,
                offset=parent,
                cid=cid,
            )
            count -= 1
        self._findings.count_more(finding("BLK009", "", severity=severity), count)

    def _add(
        self, code: str, text: str, *, at: Place | None = None, **place: Unpack[Place]
    ) -> None:
        self._findings.add(finding(code, text, at=at, **place))

    def _judge_child(self, above: int | None, step: Child, holder: int) -> None:
        """Judge a link to a sub-tree, and enter its node where there is one.

        Args:
            above: Depth of the node that has the link, where it is known.
            step: The link.
            holder: Section of the block that has the link.
        """
        row, odd = self._find(step.cid)
        depth = above - 1 if above else None
        hole = Hole(step.cid, holder, depth, step.lo, step.hi)
        kind = self._kind_of_link(row, odd, holder, step)
        if above == 0:
            offset = self._offset(row, odd, holder)
            text = "the node hangs below a node at depth 0, where nothing may"
            self._add("MST013", text, offset=offset, cid=step.cid)
        if kind is NodeKind.NODE:
            data = self._data(row, odd)
            offset = self._offset(row, odd, holder)
            recovered = self._read_node(data, offset, step.cid)
            self._mark(row, odd)
            if recovered is not None:
                rules = NodeRules(self._findings, self.state.last_key, step, offset)
                is_top = len(self.state) == 0
                own, steps = rules.judge(recovered, data, depth, is_top=is_top)
                for code in OF_KEYS:
                    self.state.counted |= counted(self._findings, bare(code))
                self.state.enter(row, offset, own, steps, hole if odd else None)
                return
            kind = NodeKind.NOT_A_NODE
        self.state.add_node(row, depth, kind, hole)

    def _kind_of_link(
        self, row: int, odd: OddBlock | None, holder: int, step: Child
    ) -> NodeKind:
        """Tell what a link leads to, and report what stands in the way."""
        cid = step.cid
        if odd is None and row == NO_ROW:
            return NodeKind.MISSING
        mark = 0 if odd is not None else self.blocks.index.mark(row)
        if mark & NODE or (odd and self.blocks.odd.is_entered(cid.raw)):
            text = f"the node {cid} is linked to a second time: it is shown once"
            self._add("MST017", text, offset=holder, cid=cid)
            return NodeKind.SHARED
        if len(self.state) >= limits.MAX_TREE:
            text = f"the tree goes on below {limits.MAX_TREE} nodes: it is not followed"
            self._add("MST022", text, offset=holder, cid=cid)
            return NodeKind.TOO_DEEP
        if self._is_damaged(row, odd, cid, step):
            self._mark(row, odd)
            return NodeKind.DAMAGED
        return NodeKind.NODE

    def _read_node(self, data: bytes, offset: int, cid: Cid) -> Recovered | None:
        if len(data) > limits.MAX_RECORD:
            code = "BLK007" if len(data) > limits.LARGE_BLOCK else "BLK006"
            text = f"the node has {len(data):,} bytes"
            place: Place = {"offset": offset, "cid": cid, "scope": Scope.TREE}
            most, size = f"at most {limits.MAX_RECORD:,}", f"{len(data):,}"
            self._add(code, text, at=place, expected=most, found=size)
        enough = self._findings.has_enough
        recovered, findings = recover_node(data, offset, cid, has_enough=enough)
        for found in findings:
            self._findings.add(found)
        return recovered

    def _judge_record(self, holder: int, step: Value) -> None:
        """Judge the record of one key, and append it whatever it is."""
        key, cid, in_order = step
        if in_order:
            self.state.last_key = max(self.state.last_key, key)
        else:
            self.state.misplace()
        collection = collection_of(key)
        row, odd = self._find(cid)
        index = self.blocks.index
        if row == NO_ROW:
            length = 0 if odd is None else odd.length
            self.state.add_missing(key, cid, holder, length)
            if odd is not None and not self.blocks.odd.is_linked(cid.raw):
                self._is_damaged(row, odd, cid, key)
                self.blocks.odd.link(cid.raw)
            return
        mark = index.mark(row)
        self.state.meet(index, row, RECORD)
        self.state.add_record(key, row, index.length(row))
        if mark & STATE == State.WRONG_HASH:
            if not mark & (RECORD | NODE):
                self._is_damaged(row, None, cid, key)
            return
        if mark & RAW_CODEC:
            # Its link was reported; as raw bytes it is not a record to judge.
            return
        place: Place = {"offset": index.offset(row), "cid": cid, **key_place(key)}
        name = collection.decode(errors="backslashreplace")
        data = self.blocks.outline(row)
        if mark & STATE == State.UNSOUND and not mark & RECORD:
            self._add_of_record(record_findings(data, name, place))
        else:
            is_kept = self.blocks.cid_left_out(row) is None
            self._judge_type(data, name, place, is_kept=is_kept)

    def _judge_type(
        self, data: bytes, collection: str, place: Place, *, is_kept: bool
    ) -> None:
        name = kernel.sound_type(data)
        value: Decoded
        if name:
            # No more is needed, and decoding the whole block takes long.
            value = {"$type": name}
        elif name is not None and b"$type" not in data:
            value = {} if data[0] >> 5 == _MAP else []
        else:
            try:
                value = decode(data)
            except DagCborError:
                # Its encoding was reported under the first key that links to it.
                return
        whole = data if is_kept else None
        self._add_of_record(type_findings(value, collection, place, whole))

    def _add_of_record(self, findings: Iterable[Finding]) -> None:
        """Add findings; once there are a hundred, have the kernel count them."""
        for found in findings:
            self._findings.add(found)
            self.state.counted |= counted(self._findings, found)

    def _find(self, cid: Cid) -> tuple[int, OddBlock | None]:
        """Return the row of a block, or the odd block."""
        if cid.is_blessed:
            row = self.blocks.find(cid.raw)
            return (row if row >= 0 else NO_ROW), None
        return NO_ROW, self.blocks.odd.get(cid.raw)

    def _offset(self, row: int, odd: OddBlock | None, holder: int) -> int:
        """Return the block's section, or *holder* for one that is not there."""
        if odd is not None:
            return odd.offset
        return holder if row == NO_ROW else self.blocks.index.offset(row)

    def _data(self, row: int, odd: OddBlock | None) -> bytes:
        if odd is not None:
            return self.blocks.read_at(odd.data_offset, odd.length)
        return self.blocks.outline(row)

    def _mark(self, row: int, odd: OddBlock | None) -> None:
        if odd is None:
            self.state.meet(self.blocks.index, row, NODE)
        else:
            self.blocks.odd.link(odd.cid.raw, as_node=True)

    def _count_damage(self, use: bytes | Child, cid: Cid) -> None:
        if isinstance(use, Child):
            self.damaged_nodes += 1
            self._name("damaged_nodes", [cid])
        else:
            self.damaged_records += 1
            self._name("damaged_records", [cid])

    def _is_damaged(
        self, row: int, odd: OddBlock | None, cid: Cid, use: bytes | Child
    ) -> bool:
        """Report a block whose bytes are not, or may not be, those of its CID.

        Args:
            row: The block, if it has one.
            odd: The block, if it has none.
            cid: Its CID.
            use: The key of the record that it is, or the link to the node.
        """
        if odd is not None:
            if odd.code is not None and (odd.state is None or odd.code == _UNHASHED):
                # Only a remark outside the tree, but a hole in its proof.
                self._count_damage(use, cid)
                self._findings.worsen(odd.code, odd.offset, Scope.TREE, cid)
            state, offset = odd.state, odd.offset
        else:
            state = self.blocks.state(row)
            offset = self.blocks.index.offset(row)
        if state is not State.WRONG_HASH:
            return False
        self._count_damage(use, cid)
        if self._findings.has_enough(bare("BLK001")):
            # There may be a million: no message, so no hash for one either.
            self._findings.count_more(bare("BLK001"), 1)
            # Until then they are named.
            if len(self.cids["damaged_records"]) >= limits.FINDINGS_A_CODE:
                self.state.counted |= counted(self._findings, bare("BLK001"))
            return True
        place: Place = {"offset": offset, "cid": cid}
        if isinstance(use, Child):
            text = f"a node is damaged: it holds {range_text(use)}"
        else:
            place.update(key_place(use))
            text = f"the record of {path_of(use)!a} is damaged"
        digest = sha256(self._data(row, odd)).hexdigest()
        self._add(
            "BLK001",
            f"{text}; its bytes do not hash to its CID",
            at=place,
            expected=cid.digest.hex(),
            found=digest,
        )
        return True
