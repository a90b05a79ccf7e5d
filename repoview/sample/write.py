"""Write the sample as a CAR.

Records are made in key order, which is also their order in the file; but the
commit and the nodes, which come before them, are known only at the end. So
records and nodes are buffered in temporary files, and memory is bounded.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING, Final, Literal, Self

from repoview.core.cid import Cid
from repoview.core.formats.car import encode_header, encode_section
from repoview.core.formats.mst import key_depth
from repoview.core.formats.mst_build import TreeBuilder
from repoview.core.varint import read_varint
from repoview.sample.account import DID, REV, Account
from repoview.sample.plan import ACTIVITIES, MAKERS, plan
from repoview.sample.signing import SIGNING_KEY, signed_commit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_KEPT_IN_MEMORY: Final = 16 * 1024 * 1024
"""Bytes of records, and again of nodes, from which they are buffered on disk."""


@dataclass(frozen=True, slots=True)
class Sample:
    """What was written."""

    did: str
    rev: str
    commit: Cid
    records: int
    signing_key: str
    """The public key, as a did:key."""


def write_sample(
    write: Callable[[bytes], object],
    records: int = 3_000,
    *,
    order: Literal["preorder", "cid-descending"] = "preorder",
) -> Sample:
    """Write a sample repository as a CAR.

    Args:
        write: Takes the next bytes, like a file's `write`.
        records: The exact number of records; the same number gives the same
            bytes.
        order: Walk order, as the specification recommends; or by CID from the
            greatest down, as the reference server exports.
    """
    with _Buffered() as nodes, _Buffered() as leaves:
        top, depths = _make(records, nodes, leaves)
        commit = signed_commit(top)
        root = Cid.for_block(commit)
        nodes.add(root, commit)
        write(encode_header([root]))
        if order == "preorder":
            sections = _preorder(depths, nodes, leaves)
        else:
            sections = _descending(nodes, leaves)
        for section in sections:
            write(section)
    return Sample(DID, REV, root, records, SIGNING_KEY)


class _Buffered:
    """Sections in a temporary file, numbered in the order they were added."""

    def __init__(self) -> None:
        # The file is closed by `__exit__`.
        self._file = SpooledTemporaryFile(_KEPT_IN_MEMORY)  # noqa: SIM115
        self._ends = array("Q", (0,))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def __len__(self) -> int:
        return len(self._ends) - 1

    def add(self, cid: Cid, data: bytes) -> None:
        """Append one block; not after the first `section`."""
        section = encode_section(cid, data)
        self._file.write(section)
        self._ends.append(self._ends[-1] + len(section))

    def section(self, number: int) -> bytes:
        """Return a section by number."""
        start = self._ends[number]
        self._file.seek(start)
        return self._file.read(self._ends[number + 1] - start)


def _make(records: int, nodes: _Buffered, leaves: _Buffered) -> tuple[Cid, bytes]:
    """Make all records and nodes; return the top's CID and each key's depth."""
    account = Account(plan(records), ACTIVITIES)
    builder = TreeBuilder(nodes.add)
    depths = bytearray()
    for collection, make in MAKERS.items():
        if not account.counts[collection]:
            continue
        for rkey, data in make(account):
            key = f"{collection}/{rkey}".encode()
            cid = Cid.for_block(data)
            leaves.add(cid, data)
            builder.add(key, cid)
            depths.append(key_depth(key))
    return builder.finish(), bytes(depths)


def _preorder(depths: bytes, nodes: _Buffered, leaves: _Buffered) -> Iterator[bytes]:
    """Yield the commit, then nodes and records as a walk meets them."""
    yield nodes.section(len(nodes) - 1)
    if not depths:
        yield nodes.section(0)
        return
    numbers = iter(_preorder_numbers(depths))
    before = max(depths) + 1
    for record, depth in enumerate(depths):
        # Between two keys a walk goes down one node for each step of depth.
        for _ in range(before - depth):
            yield nodes.section(next(numbers))
        yield leaves.section(record)
        before = depth


def _preorder_numbers(depths: bytes) -> array[int]:
    """Return the numbers of the nodes in preorder, as a walk enters them.

    They are numbered in postorder, as the builder finishes them. Both orders
    are determined by the depths of the keys.
    """
    numbers = array("I")
    open_nodes: list[int] = []
    """The entered nodes, the top node first, each one level below the last."""
    finished = 0
    above_top = max(depths) + 1
    for depth in depths:
        while open_nodes and above_top - len(open_nodes) < depth:
            numbers[open_nodes.pop()] = finished
            finished += 1
        while above_top - len(open_nodes) > depth:
            open_nodes.append(len(numbers))
            numbers.append(0)
    for entered in reversed(open_nodes):
        numbers[entered] = finished
        finished += 1
    return numbers


def _descending(nodes: _Buffered, leaves: _Buffered) -> Iterator[bytes]:
    """Yield all blocks by CID, from the greatest down."""
    # Bytes in one list: a tuple per block would take three times the memory.
    located: list[bytes] = []
    for which, buffered in enumerate((nodes, leaves)):
        for number in range(len(buffered)):
            section = buffered.section(number)
            _, start = read_varint(section, 0, len(section))
            number_of = bytes((which, *number.to_bytes(4, "big")))
            located.append(section[start : start + 36] + number_of)
    located.sort(reverse=True)
    for each in located:
        buffered = leaves if each[36] else nodes
        yield buffered.section(int.from_bytes(each[37:], "big"))
