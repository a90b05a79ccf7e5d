"""All cases, family by family: files with one fault each, and some without any."""

from __future__ import annotations

from typing import TYPE_CHECKING

from repoview.corpus.cases import (
    blocks,
    commits,
    encoding,
    frames,
    header,
    identifiers,
    keys,
    legal,
    nodes,
    places,
    records,
    roots,
    sections,
    signatures,
    wrapped,
)

if TYPE_CHECKING:
    from repoview.corpus.case import Case

FAULTS: dict[str, tuple[Case, ...]] = {
    "header": tuple(header.CASES),
    "sections": tuple(sections.CASES),
    "wrapped": tuple(wrapped.CASES),
    "frames": tuple(frames.CASES),
    "identifiers": tuple(identifiers.CASES),
    "blocks": tuple(blocks.CASES),
    "encoding": tuple(encoding.CASES),
    "roots": tuple(roots.CASES),
    "commits": tuple(commits.CASES),
    "signatures": tuple(signatures.CASES),
    "nodes": tuple(nodes.CASES),
    "places": tuple(places.CASES),
    "keys": tuple(keys.CASES),
    "records": tuple(records.CASES),
}
"""By what they are about."""

CASES: tuple[Case, ...] = tuple(case for family in FAULTS.values() for case in family)

LEGAL: tuple[Case, ...] = tuple(legal.CASES)
"""Files that are right in all respects, though a reader may refuse them."""

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
