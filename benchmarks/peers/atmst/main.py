# ruff: noqa: INP001 (a program, not a module)
"""Read a repository with atmst: walk the tree, and read every record."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from time import perf_counter

from atmst.blockstore.car_file import ReadOnlyCARBlockStore
from atmst.mst.node_store import NodeStore
from atmst.mst.node_walker import NodeWalker
from cbrrr import decode_dag_cbor


def count(path: str) -> int:
    """Return how many records a walk finds."""
    with Path(path).open("rb") as file:
        blocks = ReadOnlyCARBlockStore(file)
        commit = decode_dag_cbor(blocks.get_block(bytes(blocks.car_root)))
        records = length = 0
        for _, cid in NodeWalker(NodeStore(blocks), commit["data"]).iter_kv():
            length += len(blocks.get_block(bytes(cid)))
            records += 1
    return records


begin = perf_counter()
records = count(sys.argv[2])
seconds = perf_counter() - begin
print(json.dumps({"records": records, "seconds": seconds}))
