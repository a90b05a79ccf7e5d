"""The kernel in Python: the hot path, made of the engine's own parts.

A compiled twin offers the same functions and gives the same answers. Both
accept what is sound and hand everything else over to the engine, so neither
says what is wrong with anything; see `seam`.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from contextlib import suppress
from hashlib import sha256
from typing import TYPE_CHECKING

from repoview.core import limits, varint
from repoview.core.blocks.block_index import BlockIndex
from repoview.core.blocks.type_names import MANY
from repoview.core.cid import PLAIN_PREFIX, RAW_PREFIX, cid_text
from repoview.core.errors import SourceError
from repoview.core.formats.dagcbor.strict import sound_type
from repoview.core.formats.dagcbor.text_spans import holds
from repoview.core.formats.key import collection_of, is_sound_key
from repoview.core.formats.mst import key_depth, read_node
from repoview.core.formats.parts import cut
from repoview.core.kernel.block_bytes import blocks_of, cids_of, sections_of
from repoview.core.kernel.interleaving import interleaved
from repoview.core.kernel.json_lines import json_lines
from repoview.core.kernel.node_keys import node_keys, sort_keys
from repoview.core.kernel.record_candidates import fresh
from repoview.core.kernel.seam import (
    NO_PARENT,
    Child,
    Hole,
    NodeKind,
    Scanned,
    Stop,
    Value,
)
from repoview.core.kernel.sorting import order
from repoview.core.kernel.sound_maps import sound_map, sound_maps
from repoview.core.kernel.tally import tally
from repoview.core.kernel.tid_days import tid_days
from repoview.core.kernel.walk_state import Frame, WalkState
from repoview.core.marks import NO_ROW, NODE, RAW_CODEC, RECORD, STATE, State

if TYPE_CHECKING:
    from collections.abc import Iterable

    from repoview.core.blocks.blocks import Blocks
    from repoview.core.formats.mst import Node

__all__ = [
    "BlockIndex",
    "WalkState",
    "blocks_of",
    "cid_texts",
    "cids_of",
    "cut",
    "fresh",
    "holding",
    "interleaved",
    "json_lines",
    "key_depth",
    "node_keys",
    "order",
    "scan",
    "search",
    "sections_of",
    "sort_keys",
    "sound_map",
    "sound_maps",
    "sound_type",
    "tally",
    "tid_days",
    "walk",
]

NAME = "python"
"""What `repoview --version` calls this kernel."""


def scan(index: BlockIndex, data: bytes, offset: int, start: int = 0) -> Scanned:
    """Index the sections of *data*, which stands at *offset* in the file.

    Begins at byte *start* of *data*, so that a caller who dealt with a section
    goes on behind it without copying the rest.

    Each block is hashed and checked in passing. Stops in front of the first
    section that is not plainly framed (its length padded or under 36, its CID
    not of the 36-byte form) or that is not wholly in *data*.

    Raises:
        LimitExceeded: Memory holds no more rows.
    """
    position, end = start, len(data)
    add = index.add
    while position < end:
        length, body = data[position], position + 1
        if length >= 0x80:
            try:
                length, body = varint.read_varint(data, position, end)
            except varint.VarintCut:
                return Scanned(position, Stop.CUT)
            except varint.VarintTooLong:
                return Scanned(position, Stop.HANDED_OVER)
            if data[body - 1] == 0:
                return Scanned(position, Stop.HANDED_OVER)
        if length < 36:
            return Scanned(position, Stop.HANDED_OVER)
        stop = body + length
        if stop > end:
            return Scanned(position, Stop.CUT)
        prefix = data[body : body + 4]
        if prefix != PLAIN_PREFIX and prefix != RAW_PREFIX:  # noqa: PLR1714 (twice as fast as `in`)
            return Scanned(position, Stop.HANDED_OVER)
        block = data[body + 36 : stop]
        cid = data[body : body + 36]
        if sha256(block).digest() != cid[4:]:
            add(cid, offset + position, length - 36, State.WRONG_HASH)
        elif prefix == RAW_PREFIX:
            state = State.UNSOUND if length - 36 > limits.MAX_RECORD else State.SOUND
            add(cid, offset + position, length - 36, state)
        elif (name := sound_type(block)) is None:
            add(cid, offset + position, length - 36, State.UNSOUND)
        else:
            add(cid, offset + position, length - 36, State.SOUND, name)
        position = stop
    return Scanned(position, Stop.END)


def walk(blocks: Blocks, state: WalkState, most: int, *, complete: bool = True) -> Stop:
    """Go on with a walk, depth-first and left to right; `state` takes it down.

    Stops at the end, when *state* holds *most* records or nodes, or in front of
    the first step that is not plainly sound: the innermost node's next one.
    A link to a block that is not there is no reason to stop: it is a hole.

    Args:
        blocks: The blocks, marked as they are met.
        state: Where the walk stands.
        most: Records or nodes to hold at most.
        complete: Whether the file was read to its end. Until then, a block
            that is not there is a reason to stop.
    """
    frames = state.frames
    while frames:
        frame = frames[-1]
        if frame.done == len(frame.steps):
            state.leave()
            continue
        step = frame.steps[frame.done]
        row = blocks.find(step.cid.raw) if step.cid.is_plain else None
        if row is None or (row < 0 and not complete):
            return Stop.HANDED_OVER
        if isinstance(step, Value):
            taken = _take_record(blocks, state, frame, step, row)
        else:
            taken = _take_child(blocks, state, frame, step, row)
        if not taken:
            return Stop.HANDED_OVER
        frame.done += 1
        if state.holds(most):
            return Stop.FULL
    return Stop.END


def _take_record(
    blocks: Blocks, state: WalkState, frame: Frame, step: Value, row: int
) -> bool:
    """Append the record of *step* if it is sound or missing."""
    index = blocks.index
    key, cid, in_order = step
    if row < 0:
        state.add_missing(key, cid, frame.offset, 0)
    else:
        if index.marks[row] & STATE:
            return False
        collection = collection_of(key)
        if collection != state.collection:
            state.collection = collection
            state.collection_type = index.type_number_of(collection)
        if not collection or not _is_of(blocks, row, collection, state):
            return False
        state.meet(index, row, RECORD)
        state.add_record(key, row, index.length(row))
    if not in_order:
        state.misplace()
    elif key > state.last_key:
        state.last_key = key
    return True


def _is_of(blocks: Blocks, row: int, collection: bytes, state: WalkState) -> bool:
    """Tell whether a sound block has the `$type` of the records of *collection*."""
    number = blocks.index.types[row]
    if number == MANY:
        name = sound_type(blocks.read(row))
        return name is not None and name.encode() == collection
    return number == state.collection_type


def _take_child(
    blocks: Blocks, state: WalkState, frame: Frame, step: Child, row: int
) -> bool:
    """Enter the node of *step* if it is sound, or note that it is missing."""
    cid, lo, hi = step
    if frame.depth == 0 or len(state) >= limits.MAX_TREE:
        return False
    index = blocks.index
    is_top = frame.number == NO_PARENT
    depth = None if frame.depth is None else frame.depth - 1
    if row < 0:
        hole = Hole(cid, frame.offset, depth, lo, hi)
        state.add_node(NO_ROW, depth, NodeKind.MISSING, hole)
        return True
    if index.mark(row) & (STATE | NODE) or index.types[row]:
        return False
    node = read_node(blocks.read(row))
    if node is None:
        return False
    if entries := node.entries:
        if depth is None:
            depth = key_depth(entries[0].key)
        if is_top and depth > limits.HIGH_TREE:
            return False
        if entries[0].key <= max(lo, state.last_key):
            return False
        if hi is not None and entries[-1].key >= hi:
            return False
        for entry in entries:
            if key_depth(entry.key) != depth or not is_sound_key(entry.key):
                return False
    elif (node.left is None) is not is_top:
        # Only the top may have nothing, and it may not have one link only.
        return False
    state.meet(index, row, NODE)
    state.enter(row, index.offset(row), depth, _steps_of(node, lo, hi))
    return True


def _steps_of(node: Node, lo: bytes, hi: bytes | None) -> list[Child | Value]:
    """Return the steps through a sound *node* whose keys lie in (*lo*, *hi*)."""
    steps: list[Child | Value] = []
    child = node.left
    for entry in node.entries:
        if child is not None:
            steps.append(Child(child, lo, entry.key))
        steps.append(Value(entry.key, entry.value))
        lo, child = entry.key, entry.tree
    if child is not None:
        steps.append(Child(child, lo, hi))
    return steps


def cid_texts(raws: Iterable[bytes]) -> list[str]:
    """Return the base32 text of each 36-byte CID."""
    return [cid_text(raw) for raw in raws]


def search(
    keys: bytearray, ends: array[int], needle: bytes, start: int, stop: int
) -> array[int]:
    """Return which of the keys *start* to *stop* contain *needle*, ascending.

    Args:
        keys: All keys, end to end.
        ends: Where each key ends in *keys*.
        needle: What to look for; matches across two keys do not count.
        start: Number of the first key searched.
        stop: Number behind the last key searched.
    """
    if not needle:
        return array("I", range(start, stop))
    found = array("I")
    position = ends[start - 1] if start else 0
    end = ends[stop - 1] if stop else 0
    while (position := keys.find(needle, position, end)) >= 0:
        number = bisect_right(ends, position, start, stop)
        if position + len(needle) <= ends[number]:
            found.append(number)
            position = ends[number]
        else:
            position += 1
    return found


def holding(
    blocks: Blocks, rows: array[int], needles: list[bytes], *, fold: bool
) -> array[int]:
    """Return which of *rows*, by index, hold a text: as a value, not as a key.

    Blocks that cannot be read, that never hashed, or are no DAG-CBOR hold none.
    Nothing is hashed again: the reader of one block does that.

    Args:
        blocks: Where they are.
        rows: Of the blocks; any that are no rows are skipped.
        needles: What to look for, any of these, in UTF-8.
        fold: Whether to ignore the case of ASCII letters; *needles* are then in
            lower case.
    """
    found = array("I")
    for place, row in enumerate(rows):
        if row >= len(blocks.index):
            continue
        mark = blocks.index.mark(row)
        if mark & RAW_CODEC or mark & STATE == State.WRONG_HASH:
            continue
        with suppress(SourceError):
            if holds(blocks.read(row), needles, fold=fold):
                found.append(place)
    return found
