"""Judge a node's keys: against each other, its parent, and its depth.

Keys ascend over the whole tree, those of one node have one depth, a child
hangs exactly one depth lower, and only the node of an empty repository is
empty. A key out of order bounds no other key, so that one misplaced key is
one finding and not a cascade.

Source: atproto repository v3, "MST Structure".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

from repoview.core import limits
from repoview.core.findings.findings import bare, finding
from repoview.core.formats.key import key_faults, path_of
from repoview.core.formats.key_bytes import KeyBytes
from repoview.core.formats.mst import key_depth
from repoview.core.kernel.seam import Child, Hole, Value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from repoview.core.findings.findings import Findings, Place
    from repoview.core.formats.node_faults import Recovered, Slot


def range_text(hole: Hole | Child) -> str:
    """Return which keys a sub-tree holds, or a hole hides, in words."""
    lo = ascii(path_of(hole.lo)) if hole.lo else ""
    if hole.hi is None:
        return f"the keys after {lo}" if lo else "all keys"
    hi = ascii(path_of(hole.hi))
    return f"the keys between {lo} and {hi}" if lo else f"the keys before {hi}"


def key_place(key: bytes) -> Place:
    """Return the fields of a finding that name a key, exactly."""
    path = path_of(key)
    if path.encode() == key:
        return {"path": path}
    return {"path": path, "key_hex": key.hex()}


class NodeRules:
    """Judges the keys of one node, and plans the steps through it.

    Args:
        findings: Collects what is wrong.
        last_key: The greatest key of the walk so far that was in order.
        step: The link that led to the node, with the range of its keys.
        offset: Section of the node.
    """

    def __init__(
        self, findings: Findings, last_key: bytes, step: Child, offset: int
    ) -> None:
        self._findings = findings
        self._last_key = last_key
        self._lo, self._hi = step.lo, step.hi
        self._step = step
        self._place: Place = {"offset": offset, "cid": step.cid}
        self._bytes = KeyBytes(b"", ())

    def judge(
        self, node: Recovered, data: bytes, expected: int | None, *, is_top: bool
    ) -> tuple[int | None, list[Child | Value]]:
        """Return the node's depth, None where unknown, and the steps through it.

        Args:
            node: What could be read of it.
            data: Its block.
            expected: The depth its parent gives it, None where unknown.
            is_top: Whether it is the top node.
        """
        self._bytes = KeyBytes(data, node.slots)
        depth = self._judge_depth(node, expected, is_top=is_top)
        in_order = self._judge_order(node.slots)
        for index, slot in enumerate(node.slots):
            if slot.key is not None:
                self._judge_key(index, slot.key)
        return depth, self._steps(node, in_order)

    def _judge_depth(
        self, node: Recovered, expected: int | None, *, is_top: bool
    ) -> int | None:
        keys = [slot.key for slot in node.slots if slot.key is not None]
        if not node.slots:
            self._judge_empty(node, is_top=is_top)
            return expected
        if not keys:
            return expected
        depths = [key_depth(key) for key in keys]
        kinds = sorted(set(depths))
        depth = expected if expected in kinds else depths[0]
        if len(kinds) > 1:
            listed = ", ".join(map(str, kinds))
            text = f"the node has keys of depths {listed}: all must be of one"
            self._add("MST011", text, expected=str(depth), found=listed)
        if expected is not None and depth != expected:
            text = f"the node is at depth {depth}, but hangs where {expected} belongs"
            self._add("MST012", text, expected=str(expected), found=str(depth))
        if is_top and depth is not None and depth > limits.HIGH_TREE:
            text = f"the top node is at depth {depth}: no honest key lies so high"
            self._add("MST021", text, found=str(depth))
        return depth

    def _judge_empty(self, node: Recovered, *, is_top: bool) -> None:
        if node.left is None and not is_top:
            text = "the node is empty: only that of an empty repository may be"
            self._add("MST015", text)
        elif node.left is not None and is_top:
            text = "the top node has no entries, only a left link: it must be trimmed"
            self._add("MST016", text)

    def _judge_order(self, slots: Sequence[Slot]) -> list[bool]:
        """Tell for each slot whether its key is in order and bounds others."""
        in_order = [False] * len(slots)
        previous: bytes | None = None
        for number, slot in enumerate(slots):
            key = slot.key
            if key is None:
                continue
            fault = self._order_fault(key, previous)
            if fault is None:
                previous = key
                in_order[number] = True
            else:
                self._add_of_key(fault, number, key)
        return in_order

    def _order_fault(
        self, key: bytes, previous: bytes | None
    ) -> tuple[str, str] | None:
        least = max(previous or b"", self._lo, self._last_key)
        if key > least and (self._hi is None or key < self._hi):
            # The usual case: do not format messages.
            return None
        shown = ascii(path_of(key))
        if previous is not None and key == previous:
            return "MST010", f"the key {shown} stands twice in the node"
        if previous is not None and key < previous:
            before = ascii(path_of(previous))
            return "MST009", f"the key {shown} stands behind {before}, which is greater"
        under = self._lo and key <= self._lo
        if under or (self._hi is not None and key >= self._hi):
            hole = Hole(self._step.cid, 0, None, self._lo, self._hi)
            return "MST014", f"the key {shown} is not among {range_text(hole)}"
        if self._last_key and key <= self._last_key:
            before = ascii(path_of(self._last_key))
            return "MST018", f"the key {shown} is not greater than {before} before it"
        return None

    def _add_of_key(self, fault: tuple[str, str], index: int, key: bytes) -> None:
        """Report a key that is not in order."""
        code, text = fault
        if self._findings.has_enough(bare(code)):
            # Where it stands takes long to find.
            self._findings.count_more(bare(code), 1)
            return
        at, path = self._bytes.at(index), path_of(key)
        self._add(code, text, path=path, found=ascii(path), block_offset=at)

    def _judge_key(self, index: int, key: bytes) -> None:
        for fault in key_faults(key):
            if self._findings.has_enough(bare(fault.code)):
                self._findings.count_more(bare(fault.code), 1)
                continue
            place: Place = {**self._place, **key_place(key)}
            place["block_offset"] = self._bytes.at(index, fault.at)
            told = finding(
                fault.code,
                fault.message,
                at=place,
                expected=fault.expected,
                found=fault.found,
            )
            self._findings.add(told)

    def _steps(self, node: Recovered, in_order: list[bool]) -> list[Child | Value]:
        """Return the steps; only keys in order bound the sub-trees beside them."""
        his: list[bytes | None] = []
        hi = self._hi
        for slot, bounds in zip(reversed(node.slots), reversed(in_order), strict=True):
            his.append(hi)
            if bounds:
                hi = slot.key
        lo = self._lo
        steps: list[Child | Value] = []
        if node.left is not None:
            steps.append(Child(node.left, lo, hi))
        for slot, bounds in zip(node.slots, in_order, strict=True):
            hi = his.pop()
            if slot.key is not None and slot.value is not None:
                steps.append(Value(slot.key, slot.value, bounds))
            if bounds and slot.key is not None:
                lo = slot.key
            if slot.tree is not None:
                steps.append(Child(slot.tree, lo, hi))
        return steps

    def _add(self, code: str, text: str, **more: Unpack[Place]) -> None:
        self._findings.add(finding(code, text, at=self._place, **more))
