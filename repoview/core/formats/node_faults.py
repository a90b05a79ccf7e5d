"""What is wrong with a node block, and what can still be read of it.

`mst.read_node` accepts canonical nodes and refuses all others without a reason.
Here those are read field by field: each broken rule is a finding, and what
could be recovered (links, and keys that are still known) goes back to the walk.

Source: atproto repository v3, "MST Structure" and "MST Node Format".
"""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

from repoview.core import limits
from repoview.core.cid import Cid
from repoview.core.findings.findings import Scope, bare, finding
from repoview.core.formats.dagcbor import strict as dagcbor
from repoview.core.formats.key import path_of
from repoview.core.formats.mst import common_prefix, read_node
from repoview.core.wording import agreed, count_text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from repoview.core.findings.findings import Finding, Place
    from repoview.core.formats.dagcbor.strict import Value

STOPPED: Final = frozenset({"CBR001", "CBR005", "CBR017", "CBR018", "CBR021"})
"""Faults that end the decoding of a block."""

_NODE_FIELDS: Final = frozenset({"e", "l"})
_ENTRY_FIELDS: Final = frozenset({"k", "p", "t", "v"})


class Slot(NamedTuple):
    """What could be read of one entry."""

    key: bytes | None
    """None where its bytes cannot be known."""

    value: Cid | None
    tree: Cid | None
    number: int
    """Of the entry in the node."""


class Recovered(NamedTuple):
    """What could be read of a node."""

    left: Cid | None
    slots: Sequence[Slot]


def recover_node(
    data: bytes,
    offset: int,
    cid: Cid,
    *,
    has_enough: Callable[[Finding], bool] = lambda _: False,
) -> tuple[Recovered | None, list[Finding]]:
    """Recover what can be read of a node, and report what is wrong with it.

    Args:
        data: The block.
        offset: Where its section begins, for the findings.
        cid: The link it was reached by, for the findings.
        has_enough: Tells whether a finding only counts and needs no message.

    Returns:
        The node, or None when nothing could be recovered; and the findings, none
        for a canonical node.
    """
    node = read_node(data)
    if node is not None:
        slots = [Slot(*entry, number) for number, entry in enumerate(node.entries)]
        return Recovered(node.left, slots), []
    reader = NodeReader(data, offset=offset, cid=cid, has_enough=has_enough)
    return reader.read(), reader.findings


def encoding_findings(
    decoded: dagcbor.Decoded, scope: Scope, place: Place
) -> list[Finding]:
    """Return the CBR findings of a node or commit block.

    What only matters in records (REC codes of the decoder) is left out.
    """
    return [
        finding(
            fault.code,
            fault.message,
            scope=scope,
            block_offset=fault.offset,
            expected=fault.expected,
            found=fault.found,
            at=place,
        )
        for fault in decoded.faults
        if fault.code.startswith("CBR")
    ]


class NodeReader:
    """Reads one block as a node, and collects a finding for every broken rule.

    Args:
        data: The block.
        offset: Where its section begins, for the findings.
        cid: The link it was reached by, for the findings.
        has_enough: See `recover_node`.
    """

    def __init__(
        self,
        data: bytes,
        *,
        offset: int,
        cid: Cid,
        has_enough: Callable[[Finding], bool],
    ) -> None:
        self.findings: list[Finding] = []
        self._place: Place = {"offset": offset, "cid": cid}
        self._data = data
        self._has_enough = has_enough
        self._no_links: set[str] = set()
        """Paths of links that were reported to hold no CID."""
        self._unusable = False

    def read(self) -> Recovered | None:
        """Return what was recovered of the node, None for nothing."""
        decoded = dagcbor.diagnose(self._data)
        self.findings = encoding_findings(decoded, Scope.TREE, self._place)
        for fault in decoded.faults:
            if fault.code == "CBR010":
                spans, at = self._spans, fault.offset
                place = bisect_right(spans, at, key=lambda span: span.start) - 1
                self._no_links.add(spans[place].path)
        if STOPPED & {found.code for found in self.findings}:
            return None
        value = decoded.value
        if not isinstance(value, dict) or "e" not in value:
            kind = "a map without `e`" if isinstance(value, dict) else kind_of(value)
            text = f"the block is {kind}, not an MST node"
            self._add("MST001", text, expected="a map with `e`", found=kind)
            return None
        self._check_fields(value, _NODE_FIELDS, "node", "")
        left = self._link(value, "l", "l")
        entries = value["e"]
        if not isinstance(entries, list):
            self._wrong_type("e", "e", entries, "an array")
            return None
        slots = self._slots(entries)
        return None if self._unusable else Recovered(left, slots)

    @cached_property
    def _spans(self) -> list[dagcbor.Span]:
        """What each byte is; computed only for a faulty node."""
        return dagcbor.annotate(self._data)

    @cached_property
    def _starts(self) -> dict[str, int]:
        """Path → offset."""
        return {span.path: span.start for span in reversed(self._spans)}

    def _slots(self, entries: list[Value]) -> list[Slot]:
        count = len(entries)
        if count > limits.TOO_MANY_ENTRIES:
            text = f"the node has {count:,} entries: honest ones have a handful"
            if count > limits.MAX_ENTRIES:
                text += f"; those after {limits.MAX_ENTRIES:,} are not read"
            self._add("MST020", text, expected=f"at most {limits.TOO_MANY_ENTRIES}")
        elif count > limits.MANY_ENTRIES:
            self._add("MST019", f"the node has {count} entries: this is unusual")
        slots: list[Slot] = []
        previous: bytes | None = b""
        for number, entry in enumerate(entries[: limits.MAX_ENTRIES]):
            at = f"e[{number}]"
            if not isinstance(entry, dict):
                self._wrong_type(at, at, entry, "a map")
                continue
            self._check_fields(entry, _ENTRY_FIELDS, "entry", at)
            value = self._link(entry, "v", f"{at}.v")
            tree = self._link(entry, "t", f"{at}.t")
            key = self._key(entry, previous, at, first=number == 0)
            if key is not None and len(key) > limits.MAX_KEY:
                text = f"a key of {len(key):,} bytes: the rest of the node is not read"
                self._add("KEY014", text, at, expected=f"at most {limits.MAX_KEY:,}")
                break
            previous = key
            slots.append(Slot(key, value, tree, number))
        return slots

    def _key(
        self, entry: dict[str, Value], previous: bytes | None, at: str, *, first: bool
    ) -> bytes | None:
        """Return the whole key of *entry*; None when it cannot be known."""
        suffix, shared = entry.get("k"), entry.get("p", 0)
        if not isinstance(suffix, bytes):
            if "k" in entry:
                self._wrong_type("k", f"{at}.k", suffix, "bytes")
            return None
        if not isinstance(shared, int) or isinstance(shared, bool):
            self._wrong_type("p", f"{at}.p", shared, "an integer")
            return None
        if previous is None:
            return None
        if shared < 0:
            text = f"`p` is {shared}: the keys from here on cannot be known"
            self._add("MST007", text, f"{at}.p", expected="0 or more", found=shared)
            return None
        if first and shared:
            text = f"the first entry has `p` {shared}: there is no key before it"
            self._add("MST005", text, f"{at}.p", expected="0", found=shared)
            return suffix
        if shared > len(previous):
            size = count_text(len(previous), "byte")
            text = (
                f"`p` is {shared:,}, but the key before has {size}: "
                "the keys from here on cannot be known"
            )
            most = f"at most {len(previous)}"
            self._add("MST006", text, f"{at}.p", expected=most, found=shared)
            return None
        if shared + len(suffix) > limits.MAX_KEY:
            # Not joined: keys could otherwise grow with the square of the node.
            return bytes(limits.MAX_KEY + 1)
        key = previous[:shared] + suffix
        should = common_prefix(previous, key)
        if shared != should and key != previous:
            are = f"{count_text(should, 'byte')} {agreed(should, 'is', 'are')}"
            text = f"`p` is {shared}, but {are} shared with the key before"
            self._add(
                "MST008",
                text,
                f"{at}.p",
                expected=should,
                found=shared,
                path=path_of(key),
            )
        return key

    def _link(self, fields: dict[str, Value], name: str, at: str) -> Cid | None:
        cid = fields.get(name)
        if isinstance(cid, Cid):
            code = "CID009" if name == "v" else "CID008"
            if not cid.is_plain and not self._is_counted(code):
                text = f"`{name}` links to {cid}, which is not dag-cbor with sha-256"
                self._add(code, text, at, expected="bafyrei…", found=cid)
            return cid
        if at in self._no_links:
            self._unusable = True
        elif name in fields and (cid is not None or name == "v"):
            self._wrong_type(
                name, at, cid, "a link" if name == "v" else "a link or null"
            )
        return None

    def _check_fields(
        self, fields: dict[str, Value], known: frozenset[str], what: str, at: str
    ) -> None:
        for name in sorted(known - fields.keys()):
            self._add("MST003", f"the {what} has no field `{name}`", at, expected=name)
        for name in sorted(fields.keys() - known):
            shown = ascii(name[:40])
            text = f"the {what} has a field {shown} of its own"
            self._add("MST002", text, at, found=shown)

    def _wrong_type(self, name: str, at: str, value: object, expected: str) -> None:
        found = kind_of(value)
        text = f"`{name}` is {found}, not {expected}"
        self._add("MST004", text, at, expected=expected, found=found)
        self._unusable = True

    def _is_counted(self, code: str) -> bool:
        """Count a finding that needs no message; False if it needs one."""
        if is_counted := self._has_enough(bare(code)):
            self.findings.append(bare(code))
        return is_counted

    def _add(
        self,
        code: str,
        text: str,
        at: str = "",
        *,
        expected: object = None,
        found: object = None,
        path: str | None = None,
    ) -> None:
        if self._is_counted(code):
            return
        self.findings.append(
            finding(
                code,
                text,
                block_offset=self._starts.get(at),
                expected=None if expected is None else str(expected),
                found=None if found is None else str(found),
                path=path,
                at=self._place,
            )
        )


_KINDS: Final = {
    dict: "a map",
    list: "an array",
    str: "text",
    bytes: "bytes",
    bool: "a boolean",
    int: "an integer",
    float: "a float",
    Cid: "a link",
    type(None): "null",
}


def kind_of(value: object) -> str:
    """Return what *value* is, in words: "a map", "text"."""
    return _KINDS.get(type(value), "something else")
