"""Cause and effect among findings: blocks are missing as the file was cut off.

A file that was cut off lacks many blocks, and each is a finding, but all have
one cause. So has a part of a repository, such as a proof: what it is explains
what is not in it. So a finding that another one explains names it in
`Finding.caused_by`, and views show causes first. No finding is left out or
loses severity.

If blocks are in walk order, `tail` knows which were lost with the end of the
file and which were missing before; in any other order, each may have been lost.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from typing import TYPE_CHECKING, Final

from repoview.core.findings.findings import Cause, Scope
from repoview.core.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from repoview.core.findings.findings import Finding, Findings, Severity

_ENDS: Final = (
    "FRM002",
    "CAR023",
    "CAR027",
    "CAR028",
    "CAR021",
    "CAR006",
    "CV2003",
    "LIM001",
)
"""Codes of an early end; the most specific first."""

_ASTRAY: Final = ("CAR025", "CAR026", "CID001")
"""Codes of bytes that are no section where one was expected."""

_CUT_BETWEEN: Final = "CAR029"
_PART: Final = "BLK010"
_AGAIN: Final = "CAR032"
_SECTIONS: Final = ("CAR021", "CAR023", "CAR027", "CAR028")
_MISSING: Final = ("BLK008", "BLK009")
_HOLES: Final = ("BLK008", "MST001", "MST022")
_NO_COMMIT: Final = ("COM001", "COM002", "MST001")
_UNLINKED: Final = ("BLK004", "BLK005", "BLK011")


@frozen
class Lost:
    """The blocks that the walk of a tree found missing."""

    nodes: int
    records: int
    last_nodes: int
    """Of these, how many an early end of the file can explain."""

    last_records: int
    last_block: int
    """Offset of the last section that holds a block, in front of lost framing if
    there is some; -1 for none."""

    ended: bool
    """Whether the reading ended early."""

    skipped: bool
    """Whether bytes were skipped between sections. Then each of the missing blocks
    may have been among them."""

    in_order: bool
    """Whether the blocks stand in the order of the walk."""

    has_commit: bool
    has_tree: bool
    is_part: bool
    """Whether the file looks like a part of a repository: then nothing was lost."""

    @property
    def is_last(self) -> bool:
        """Whether an early end can explain all that is missing."""
        return (self.last_nodes, self.last_records) == (self.nodes, self.records)


@frozen
class Family:
    """A finding, and those that it explains."""

    head: Finding
    """The cause, which no other explains."""

    effects: tuple[Finding, ...]
    """In the order in which they were given."""

    def __iter__(self) -> Iterator[Finding]:
        """Yield all of them, the head first."""
        yield self.head
        yield from self.effects

    @property
    def severity(self) -> Severity:
        """The gravest among them."""
        return max(each.severity for each in self)


def families(findings: Iterable[Finding]) -> list[Family]:
    """Group findings by their causes, each once.

    The gravest families come first, then the largest; a finding whose cause is
    not among them is a family of its own.
    """
    found = list(findings)
    heads = {each.as_cause for each in found if each.caused_by is None}
    effects: defaultdict[Cause, list[Finding]] = defaultdict(list)
    alone = []
    for each in found:
        if each.caused_by in heads:
            effects[each.caused_by].append(each)
        else:
            alone.append(each)
    # Of several findings at one place, the first has the effects.
    made = [Family(each, tuple(effects.pop(each.as_cause, ()))) for each in alone]
    made.sort(key=lambda each: (-len(each.effects), each.head.code))
    return sorted(made, key=lambda each: each.severity, reverse=True)


def explain(findings: Findings, lost: Lost) -> None:
    """Set `caused_by` of each finding that another one explains.

    Args:
        findings: All about one repository.
        lost: What its tree lacks.
    """
    kept = findings.kept
    causes = _by_block(kept)
    end = _end(kept, lost)
    if end is not None:
        causes = {**_by_end(kept, end, lost), **causes}
        causes |= _by_loss(kept, causes)
    elif lost.is_part or lost.nodes + lost.records > 1:
        causes = {**_by_part(kept, causes), **causes}
    causes = {**_by_hole(kept, causes, lost), **causes}
    findings.attribute({**_remarks(kept, causes, lost), **causes})


def _by_block(kept: Sequence[Finding]) -> dict[int, Cause]:
    """Explain missing blocks by blocks that are there, but damaged."""
    found: dict[str, Cause] = {}
    for each in kept:
        if each.code == "CAR024" and each.cid is not None:
            found[each.cid.digest.hex()] = each.as_cause
        elif each.code == "BLK001" and each.scope is Scope.CONTAINER and each.found:
            # Its CID is damaged, and not its bytes.
            found[each.found] = each.as_cause
    if not found:
        return {}
    causes = {
        number: found[each.cid.digest.hex()]
        for number, each in enumerate(kept)
        if each.code in _MISSING
        and each.cid is not None
        and each.cid.digest.hex() in found
    }
    blocks = set(causes.values())
    for number, each in enumerate(kept):
        if each.code == "BLK004" and each.count == len(blocks):
            # Nothing links to what they are called.
            causes[number] = min(blocks)
    return causes


def _by_loss(kept: Sequence[Finding], causes: dict[int, Cause]) -> dict[int, Cause]:
    """Explain where sections can be read again by what lost them before."""
    found: dict[int, Cause] = {}
    lost: Cause | None = None
    for number, each in sorted(enumerate(kept), key=lambda pair: _offset(pair[1])):
        if each.code == _AGAIN and lost is not None:
            found[number] = lost
        elif each.code in _SECTIONS:
            lost = causes.get(number, each.as_cause)
    return found


def _end(kept: Sequence[Finding], lost: Lost) -> Finding | None:
    """Return the finding that says why bytes are lost: mostly, of the end."""
    if lost.skipped and not lost.ended:
        losses = [each for each in kept if each.code in _SECTIONS]
        loss = min(losses, key=_offset, default=None)
        return loss if loss is None else _astray(kept, loss, lost.last_block) or loss
    if lost.ended:
        ends = [each for each in kept if each.code in _ENDS]
        end = min(ends, key=lambda each: _ENDS.index(each.code), default=None)
        return end if end is None else _astray(kept, end, lost.last_block) or end
    if lost.in_order and lost.is_last and not lost.is_part:
        return _first(kept, _CUT_BETWEEN)
    return None


def _astray(kept: Sequence[Finding], end: Finding, last: int) -> Finding | None:
    """Return the finding where the framing is lost, None if it is not.

    Args:
        kept: All findings.
        end: The one about the end of the file.
        last: Offset of the last section that holds a block. If its bytes do not
            hash, its length may be what is damaged.
    """
    behind = [each for each in kept if _is_astray(each, last, _offset(end))]
    if not behind or end.code not in _SECTIONS:
        return None
    block = next((e for e in kept if e.code == "BLK001" and e.offset == last), None)
    return block or min(behind, key=lambda each: each.offset or 0)


def _is_astray(found: Finding, last: int, end: int) -> bool:
    return found.code in _ASTRAY and last < _offset(found) < end


def _by_end(kept: Sequence[Finding], end: Finding, lost: Lost) -> dict[int, Cause]:
    """Explain what is missing by the early end of the file."""
    explained = set(_ENDS) - {"LIM001"} if lost.ended else set[str]()
    if lost.skipped:
        # Each loss has a cause of its own.
        explained -= set(_SECTIONS)
    if not lost.has_commit and not (lost.in_order and lost.has_tree):
        # In the order of the walk the commit comes first.
        explained |= {"CAR020", "COM001"}
    numbers = [
        number
        for number, each in enumerate(kept)
        if each is not end and each.code in explained
    ]
    if end.code not in _ENDS:
        # The block, or what is no section, from which on nothing was one.
        stop = _behind(kept, lost.last_block)
        numbers += [
            number
            for number, each in enumerate(kept)
            if each is not end
            and (
                _is_astray(each, lost.last_block, stop)
                or (each.code in _SECTIONS and lost.last_block < _offset(each) < stop)
            )
        ]
    for code, total, last in (
        ("BLK008", lost.nodes, lost.last_nodes),
        ("BLK009", lost.records, lost.last_records),
    ):
        same = [number for number, each in enumerate(kept) if each.code == code]
        numbers += same[total - last :]
    return dict.fromkeys(numbers, end.as_cause)


def _by_part(kept: Sequence[Finding], causes: dict[int, Cause]) -> dict[int, Cause]:
    """Explain what is missing by what the file is: a part of a repository."""
    part = _first(kept, _PART)
    rest = [
        number
        for number, each in enumerate(kept)
        if each.code in _MISSING and number not in causes
    ]
    if part is None or not rest:
        return {}
    rest += [n for n, each in enumerate(kept) if each.code == _CUT_BETWEEN]
    return dict.fromkeys(rest, part.as_cause)


def _by_hole(
    kept: Sequence[Finding], causes: dict[int, Cause], lost: Lost
) -> dict[int, Cause]:
    """Explain unlinked blocks by the hole that should link to them."""
    codes = _HOLES if lost.has_tree else _NO_COMMIT
    for number, each in enumerate(kept):
        if each.code in codes or _is_damaged(each):
            hole = causes.get(number, each.as_cause)
            break
    else:
        return {}
    return {number: hole for number, each in enumerate(kept) if each.code in _UNLINKED}


def _is_damaged(found: Finding) -> bool:
    """Tell whether a finding is about a node or commit that does not hash."""
    is_record = found.path is not None
    return found.code == "BLK001" and found.scope is Scope.TREE and not is_record


def _remarks(
    kept: Sequence[Finding], causes: dict[int, Cause], lost: Lost
) -> dict[int, Cause]:
    """Explain findings that sum up others by the cause of these."""
    missing = [number for number, each in enumerate(kept) if each.code in _MISSING]
    if not missing:
        return {}
    is_one = lost.nodes + lost.records == 1
    if not is_one and any(number not in causes for number in missing):
        return {}
    if any(cause.code == _PART for cause in causes.values()):
        # That is the sum, and the cause itself.
        return {}
    cause = causes.get(missing[0], kept[missing[0]].as_cause)
    return {
        number: cause
        for number, each in enumerate(kept)
        if each.code in {_PART, _CUT_BETWEEN} and each.as_cause != cause
    }


def _behind(kept: Sequence[Finding], offset: int) -> int:
    """Return where sections can be read again behind an offset."""
    again = (_offset(each) for each in kept if each.code == _AGAIN)
    return min((each for each in again if each > offset), default=sys.maxsize)


def _offset(found: Finding) -> int:
    return -1 if found.offset is None else found.offset


def _first(kept: Sequence[Finding], code: str) -> Finding | None:
    return next((each for each in kept if each.code == code), None)
