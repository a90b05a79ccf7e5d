"""CARs good and broken, made from the specifications alone.

What is here shares no code with the engine: its own small encoder, its own
trees, its own idea of what must be found. So each can prove the other.

::

    car = make_car({"com.example.note/1": {}}).cut(-3)

`CASES` are files with one fault each, and what must be found of each: code,
place, verdict, and the codes that come with it.
"""

from __future__ import annotations

from tests.cars import (
    blocks,
    commits,
    encoding,
    frames,
    header,
    identifiers,
    keys,
    nodes,
    places,
    records,
    sections,
    signatures,
    wrapped,
)
from tests.cars.car import Car
from tests.cars.case import ANYWHERE, Broken, Case
from tests.cars.repo import SAMPLE, Repo, make_car, make_repo, sample

__all__ = [
    "ANYWHERE",
    "CASES",
    "LIGHT_CASES",
    "SAMPLE",
    "Broken",
    "Car",
    "Case",
    "Repo",
    "make_car",
    "make_repo",
    "sample",
]

CASES: tuple[Case, ...] = (
    *header.CASES,
    *sections.CASES,
    *wrapped.CASES,
    *frames.CASES,
    *identifiers.CASES,
    *blocks.CASES,
    *encoding.CASES,
    *commits.CASES,
    *signatures.CASES,
    *nodes.CASES,
    *places.CASES,
    *keys.CASES,
    *records.CASES,
)

_HEAVY = {
    "CAR024-section_over_the_limit",
    "CAR024-record_over_the_limit",
    "LIM001-too_many_blocks",
    "LIM001-root_behind_the_limit",
    "LIM001-too_many_records",
    "BLK006-block_over_a_megabyte",
    "BLK007-block_over_two_mebibytes",
    "BLK006-node_over_a_megabyte",
    "BLK007-node_over_two_mebibytes",
    "CBR019-array_of_131_073_items_in_a_record",
    "CBR019-array_of_131_073_items_in_a_node",
    "CBR019-array_of_131_073_items_in_a_commit",
    "MST020-node_of_8193_entries",
    "REC006-record_over_a_megabyte",
    "REC006-record_over_two_mebibytes",
}
"""Those of 100,000 bytes or more."""

LIGHT_CASES: tuple[Case, ...] = tuple(case for case in CASES if case.id not in _HEAVY)
"""All but the large files, which take as long as the others together."""
