"""Known-answer test of a compiled kernel, which is used only if it passes.

Every function of the seam is called on a repository of one record and a block
of every other kind. The right answers are written here, or come from parts of
the engine that share nothing with the kernel.
"""

from __future__ import annotations

from array import array
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from repoview.core.blocks.blocks import Blocks
from repoview.core.cid import PLAIN_PREFIX, RAW_PREFIX, Cid
from repoview.core.kernel.seam import JsonField, Stop
from repoview.core.marks import NODE, RECORD, State
from repoview.core.source.source import MemorySource

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import ModuleType

    from repoview.core.kernel.seam import JsonLines

_KEY: Final = b"com.example.record/3jqfcqzm3fo2j"
_RECORD: Final = b"\xa1\x65$type\x72com.example.record"
_VALUE_OF_RECORD: Final = {"$type": "com.example.record"}
_LINKED: Final = b"\xa1\x61a\x83\x20\xf5\xd8\x2a\x58\x25\0" + PLAIN_PREFIX + bytes(32)
_VALUE_OF_LINKED: Final = {"a": [-1, True, Cid(PLAIN_PREFIX + bytes(32))]}
_FLOAT: Final = b"\xfb\x3f\xf8\x00\x00\x00\x00\x00\x00"
_NODE_HEAD: Final = b"\xa2\x61e\x81\xa4\x61k\x58\x20"
_VALUE: Final = b"\x61p\x00\x61t\xf6\x61v\xd8\x2a\x58\x25\x00"
_NODE_TAIL: Final = b"\x61l\xf6"
_CUT: Final = b"\x7f"


def wrong_answer(twin: ModuleType) -> str | None:
    """Return what *twin* does wrong, in a few words; None when all is right."""
    try:
        return next((text for is_right, text in _answers(twin) if not is_right), None)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001 (a panic is none of `Exception`)
        return f"it failed: {type(error).__name__}: {error}"


def _plain(block: bytes) -> bytes:
    return PLAIN_PREFIX + sha256(block).digest()


def _section(cid: bytes, block: bytes) -> bytes:
    length = len(cid) + len(block)
    # All are of fewer than 2**14 bytes.
    head = (length,) if length < 0x80 else (length & 0x7F | 0x80, length >> 7)
    return bytes(head) + cid + block


def _answers(twin: ModuleType) -> list[tuple[bool, str]]:
    """Return each test: whether it passed, and what is wrong if not."""
    record = _plain(_RECORD)
    node = _NODE_HEAD + _KEY + _VALUE + record + _NODE_TAIL
    cids = [_plain(node), record, _plain(_FLOAT), _plain(b"\0"), b""]
    cids[4] = RAW_PREFIX + sha256(_FLOAT).digest()
    datas = [node, _RECORD, _FLOAT, b"\1", _FLOAT]
    car = b"".join(map(_section, cids, datas))
    states = [
        State.SOUND,
        State.SOUND,
        State.UNSOUND,
        State.WRONG_HASH,
        State.SOUND,
    ]
    index = twin.BlockIndex(1 << 20, 1)
    scanned = twin.scan(index, car + _CUT, 0)
    index.settle()
    blocks = Blocks(index, MemorySource("known", car))
    rows = [index.find(cid) for cid in cids]
    state = twin.WalkState()
    state.begin(Cid(cids[0]), 0)
    stop = twin.walk(blocks, state, 10)
    batch = state.take()
    tally = twin.tally(index)
    damaged = tally.unlinked_damaged.total, list(tally.unlinked_damaged.first)
    given = twin.fresh(index, 1, 9, [(0, car)])[2:]
    return [
        (scanned == (len(car), Stop.CUT), "it misreads sections"),
        (rows == [0, 1, 2, 3, 4], "it misplaces blocks"),
        ([blocks.state(row) for row in rows] == states, "it misjudges blocks"),
        (index.find(_plain(b"absent")) == -1, "it finds what is not there"),
        (index.rows(1, 9).typed == b"\1\0\0\0", "it mixes up rows"),
        (given == (b"\1\0\0\0", [_RECORD], record), "it mixes up records"),
        (index.type_of(1) == "com.example.record", "it misreads types"),
        (stop is Stop.END, "it does not walk a sound tree"),
        (batch.keys == _KEY and list(batch.rows) == [1], "it misreads nodes"),
        (bytes(batch.nodes.depths) == b"\x00", "it misplaces nodes"),
        (index.mark(0) & NODE and index.mark(1) & RECORD, "it forgets what it met"),
        (tally.unlinked == 3 and damaged == (1, [3]), "it miscounts"),
        (list(tally.unlinked_first) == [2, 3, 4], "it misreads what is unlinked"),
        *_answers_about_bytes(twin, blocks, record),
        *_answers_about_nodes(twin, blocks, node),
        (_held(twin) == [1], "it misreads texts"),
        (_ordered(twin, blocks) == [1, 2, 0], "it misorders"),
        *_answers_about_keys(twin),
    ]


def _answers_about_bytes(
    twin: ModuleType, blocks: Blocks, record: bytes
) -> list[tuple[bool, str]]:
    carried = [record + _RECORD, None]
    text = b'%b %b {"$type":"com.example.record"}' % (_KEY, f"{Cid(record)}".encode())
    odd = b"%b %b 1.5" % (_KEY, f"{Cid(_plain(_FLOAT))}".encode())
    both = text + odd
    lines = both, array("Q", [len(text), len(both), len(both)])
    parts = [b"a", b"", b"bc"]
    return [
        (twin.cids_of(blocks, [1]) == record, "it misreads CIDs"),
        (twin.blocks_of(blocks, [1, 3], 999) == carried, "it misreads"),
        (_maps(twin, blocks) == [_VALUE_OF_RECORD, None, None], "it misreads values"),
        (twin.sound_map(_LINKED) == _VALUE_OF_LINKED, "it misreads links"),
        (_json_lines(twin, blocks) == lines, "it misspells JSON"),
        (twin.sound_type(_RECORD) == "com.example.record", "it misreads types"),
        (twin.sound_type(_FLOAT) is None, "it takes unsound bytes for sound"),
        (twin.cut(b"abc", array("Q", [5, 5, 7]), 4) == parts, "it miscuts"),
        (twin.cid_texts([record]) == [str(Cid(record))], "it misspells CIDs"),
    ]


def _maps(twin: ModuleType, blocks: Blocks) -> list[dict[str, object] | None]:
    """Return the values of a record, of one with a float, and of raw bytes."""
    maps: list[dict[str, object] | None]
    maps = twin.sound_maps(blocks, array("I", [1, 2, 4]), 999)
    return maps


def _json_lines(twin: ModuleType, blocks: Blocks) -> JsonLines:
    """Return the lines of a sound record, of one with a float, and of a wrong one."""
    form = (JsonField.PATH, b" ", JsonField.CID, b" ", JsonField.VALUE)
    lines: JsonLines = twin.json_lines(
        blocks, [_KEY, _KEY, _KEY], array("I", [1, 2, 3]), form, 999
    )
    return lines


def _answers_about_nodes(
    twin: ModuleType, blocks: Blocks, node: bytes
) -> list[tuple[bool, str]]:
    size = len(_KEY)
    sections = _section(_plain(node), node) + _section(_plain(_RECORD), _RECORD)
    keys = twin.node_keys(blocks, [0, 1], 999)
    twice = array("I", [1, 1, 1]), array("I", [2, 9, 2])
    ordered = twin.sort_keys(b"cac", *twice)
    columns = array("I", [0, 1]), array("I", [2, 2]), b"\1\1", array("I", [7, 8])
    records = array("q", [0, 3]), array("I", [4, 6])
    between = twin.interleaved(5, columns, *records, True)  # noqa: FBT003 (as it is)
    return [
        (twin.sections_of(blocks, [0, 1, 3], 999) == (sections, 2), "it miswrites"),
        (keys[0] == 2 and keys.keys == _KEY, "it misreads keys"),
        (_lists(keys[1:3]) == [[0], [1]], "it misjudges nodes"),
        (_lists(keys[4:]) == [[size], [1], [], [1]], "it misses links"),
        (ordered.keys == b"ac" and ordered.firsts == b"\1\1", "it missorts keys"),
        (_lists(between) == [[7, 4, 8, 6], [~5, 0, ~6, 3]], "it misplaces records"),
        (_lists(ordered[1:3]) == [[1, 1], [9, 2]], "it missorts rows"),
    ]


def _lists(columns: Iterable[Iterable[int]]) -> list[list[int]]:
    return [list(column) for column in columns]


def _answers_about_keys(twin: ModuleType) -> list[tuple[bool, str]]:
    ends = array("Q", [len(_KEY)])
    return [
        (twin.key_depth(_KEY) == 0, "it misjudges depths"),
        (list(twin.search(_KEY, ends, b"3j", 0, 1)) == [0], "it overlooks keys"),
        (twin.tid_days(_KEY, ends, 0, 1) == {19_424: 1}, "it misreads dates"),
    ]


def _ordered(twin: ModuleType, blocks: Blocks) -> list[int]:
    """Return three records, one without a TID, by their dates."""
    keys, ends = bytearray(_KEY[:-1] + _KEY + _KEY), array("Q")
    ends.extend((len(_KEY) - 1, 2 * len(_KEY) - 1, 3 * len(_KEY) - 1))
    rows = array("I", [1, 1, 1])
    wanted = array("I", [0, 2, 1])
    return list(twin.order(blocks, keys, ends, rows, wanted, "date", reverse=True))


def _held(twin: ModuleType) -> list[int]:
    """Return which of two blocks holds a text: it is a key of the other."""
    index = twin.BlockIndex(1 << 20, 1)
    datas = b"\xa1\x64Sand\x61a", b"\xa1\x61a\x64SAND"
    car = b"".join(_section(_plain(data), data) for data in datas)
    twin.scan(index, car, 0)
    index.settle()
    blocks = Blocks(index, MemorySource("known", car))
    return list(twin.holding(blocks, array("I", [0, 1]), [b"and"], fold=True))
