"""One record, node or block as it is shown: facts, structure, bytes, findings.

A `Detail` is made in the thread that owns the session and passed on: it holds
the block's bytes and does not use the engine afterwards. Making one costs a
read, a hash and the first lines of its structure, however large the block is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from repoview.core.cid import DAG_CBOR
from repoview.core.errors import RepoviewError, SourceError
from repoview.core.formats.dagcbor import strict as dagcbor
from repoview.present import json_text, safe, short_cid, size_text, tid_date
from repoview.present.anatomy.remarks import block_remarks
from repoview.tui.session.findings import finding_row
from repoview.tui.values.structure import Structure

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from repoview.core.cid import Cid
    from repoview.core.findings.findings import Finding
    from repoview.core.formats.record import Record
    from repoview.core.repo.records import Records
    from repoview.core.repo.repo import Repo
    from repoview.tui.values.rows import FindingRow


@dataclass(frozen=True, slots=True, eq=False)
class Detail:
    """One record, node or block, ready to be shown."""

    what: str
    """record, node or block."""

    number: int
    """Of a record or node; of a block, where its section begins."""

    title: str
    facts: str
    notes: list[str]
    """Sentences to show first, such as why there is no JSON."""

    structure: Structure | None
    """None where there are no bytes, or where they are not DAG-CBOR."""

    data: bytes
    is_sound: bool
    findings: list[FindingRow]
    finding_bytes: list[int]
    """Of each finding, the byte of the block that it is about; -1 for none."""

    at_uri: str
    """Empty if it has none."""

    cid: str
    file_name: str
    """The name to propose for a file with its JSON."""


def whole_json(detail: Detail) -> str:
    """Return the JSON of a detail, safe to print.

    Takes seconds if the block is large and faulty.
    """
    if detail.structure is None:
        return "\n".join(detail.notes)
    if detail.is_sound:
        return json_text(dagcbor.decode_sound(detail.data))
    return json_text(dagcbor.diagnose(detail.data).value)


def record_detail(repo: Records, number: int) -> Detail:
    """Return one record, as far as it can be shown.

    Args:
        repo: A whole one, or one that is still being read.
        number: Of the record.
    """
    record = repo.record(number)
    facts = [record.state] if record.state != "sound" else []
    if record.size is not None:
        facts += [size_text(record.size), f"byte {record.offset:,}"]
    facts.append(short_cid(record.cid))
    if date := tid_date(record.rkey):
        facts.append(date)
    data, notes = _bytes_of(repo, record)
    return _detail(
        "record",
        number,
        record.cid,
        data,
        record.findings,
        title=safe(record.path, 200),
        facts=facts,
        notes=notes,
        is_sound=record.is_strict,
        at_uri=safe(record.at_uri, 2_000),
        name=record.rkey,
    )


def block_detail(
    repo: Repo,
    what: str,
    number: int,
    cid: Cid,
    found: Sequence[Finding],
    keys: tuple[bytes | None, bytes | None] = (None, None),
) -> Detail:
    """Return one block, as far as it can be shown.

    Args:
        repo: The repository.
        what: node or block.
        number: Of the node; of a block, where its section begins.
        cid: Of the block.
        found: The findings about it.
        keys: Of a node, the keys before and after all of its own, where there are
            any and they are known.
    """
    notes: list[str] = []
    data, is_sound = b"", False
    name = "MST node" if what == "node" else "block"
    try:
        block = repo.block(cid, damaged=True)
    except RepoviewError as error:
        notes, facts = [safe(str(error), 400)], ["not there"]
        remarks: Mapping[int, str] = {}
    else:
        data, is_sound = block.data, block.state == "sound"
        facts = [block.role, block.state, size_text(len(data))]
        facts.append(f"byte {block.offset:,}")
        if block.state == "damaged":
            notes = ["These bytes do not hash to the CID:"]
        remarks = block_remarks(data, *keys)
    return _detail(
        what,
        number,
        cid,
        data,
        found,
        title=f"{name} {short_cid(cid)}",
        facts=facts,
        notes=notes,
        is_sound=is_sound,
        at_uri="",
        name=str(cid),
        remarks=remarks,
    )


def detail_or_why(what: str, number: int, make: Callable[[], Detail]) -> Detail:
    """Return what *make* returns, or a detail that says why reading failed.

    Args:
        what: record, node or block.
        number: Of the record, node or block, as in `Detail`.
        make: Returns the detail.
    """
    try:
        return make()
    except SourceError as error:
        title, text = what.capitalize(), safe(str(error), 400)
        return words_detail(number, title, "", text, what=what)


def words_detail(
    number: int, title: str, facts: str, text: str, *, what: str = "block"
) -> Detail:
    """Return a detail without bytes that shows a sentence.

    Args:
        number: Of the record or node; of a block, its offset.
        title: Its title.
        facts: The line of facts.
        text: The sentence.
        what: record, node or block.
    """
    return Detail(
        what=what,
        number=number,
        title=title,
        facts=facts,
        notes=[text],
        structure=None,
        data=b"",
        is_sound=True,
        findings=[],
        finding_bytes=[],
        at_uri="",
        cid="",
        file_name=f"{what}.json",
    )


def _bytes_of(repo: Records, record: Record) -> tuple[bytes, list[str]]:
    """Return the bytes of a record, and notes about them."""
    try:
        return record.data, []
    except RepoviewError as error:
        notes = [safe(str(error), 400)]
    try:
        data = repo.block(record.cid, damaged=True).data
    except RepoviewError:
        return b"", notes
    return data, [*notes, "What stands in its place is not this record:"]


def _detail(
    what: str,
    number: int,
    cid: Cid,
    data: bytes,
    found: Sequence[Finding],
    *,
    title: str,
    facts: list[str],
    notes: list[str],
    is_sound: bool,
    at_uri: str,
    name: str,
    remarks: Mapping[int, str] | None = None,
) -> Detail:
    has_structure = bool(data) and cid.codec == DAG_CBOR
    if data and not has_structure:
        notes = [*notes, f"{size_text(len(data))} that are not DAG-CBOR: see Bytes."]
    rows = [finding_row(each) for each in found]
    bytes_ = [-1 if f.block_offset is None else f.block_offset for f in found]
    kept = "".join(c for c in name[:100] if c.isascii() and (c.isalnum() or c in "._-"))
    return Detail(
        what,
        number,
        title,
        " · ".join(facts),
        notes,
        Structure(data, remarks or {}) if has_structure else None,
        data,
        is_sound,
        rows,
        bytes_,
        at_uri,
        str(cid),
        f"{kept.lstrip('.') or 'record'}.json",
    )
