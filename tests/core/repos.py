"""Small sound repositories, made with the engine's own writers.

For facts about reading them by number, path and CID. What is wrong with files
is tested on `repoview.corpus`, which shares no code with the engine.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from repoview.core.cid import Cid
from repoview.core.formats import syntax
from repoview.core.formats.car import Section, sections, write_car
from repoview.core.formats.car_header import read_header
from repoview.core.formats.dagcbor import strict as dagcbor
from repoview.core.formats.mst_build import build_tree

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

DID = "did:plc:ewvi7nxzyoun6zhxrhs64oiz"
REV = syntax.make_tid(1_700_000_000_000_000)


def make_repo(
    records: Mapping[str, dagcbor.Value],
    *,
    leave_out: int = 0,
    rev: str = REV,
    did: str = DID,
) -> bytes:
    """Return a CAR of these records: commit, nodes, then records.

    Args:
        records: By repo path; ``{}`` stands for a record of the right `$type`,
            bytes for a block as it is.
        leave_out: How many blocks to leave out at the end.
        rev: The revision of the commit.
        did: Its account.
    """
    blocks: list[tuple[Cid, bytes]] = []
    entries: list[tuple[bytes, Cid]] = []
    for path in sorted(records, key=str.encode):
        value = records[path] or {"$type": path.partition("/")[0], "path": path}
        data = value if isinstance(value, bytes) else dagcbor.encode(value)
        entries.append((path.encode(), Cid.for_block(data)))
        blocks.append((entries[-1][1], data))
    nodes: list[tuple[Cid, bytes]] = []
    top = build_tree(entries, lambda cid, data: nodes.append((cid, data)))
    commit: dagcbor.Value = {
        "did": did,
        "version": 3,
        "data": top,
        "rev": rev,
        "prev": None,
        "sig": bytes(31) + b"\1" + bytes(31) + b"\1",
    }
    data = dagcbor.encode(commit)
    root = Cid.for_block(data)
    out = bytearray()
    everything = [(root, data), *reversed(nodes), *blocks]
    write_car(out.extend, [root], everything[: len(everything) - leave_out])
    return bytes(out)


def many(count: int, collections: int = 3) -> dict[str, dagcbor.Value]:
    """Return *count* records, spread over collections."""
    return {f"com.example.kind{n % collections}/{n:06}": {} for n in range(count)}


def parts_of(data: bytes) -> tuple[bytes, list[Section]]:
    """Return the bytes of a CAR's header, and its sections by position."""
    header, _ = read_header(data, offset=0, available=len(data))
    assert header is not None
    end = header.end
    return data[:end], list(sections(data[end:], offset=end))


def car_of(data: bytes, head: bytes, parts: Iterable[Section]) -> bytes:
    """Return a CAR of some sections of another, in this order."""
    return head + b"".join(data[part.offset : part.end] for part in parts)
