"""Answers for the overview: facts and statistics of a repository."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from repoview.core.errors import SourceError
from repoview.core.expected_shape import expected_fanout, expected_records
from repoview.core.formats import syntax
from repoview.core.repo.inside import inside
from repoview.present import (
    completeness_text,
    count_text,
    percent_text,
    policy_text,
    safe,
    shape_sentence,
    size_text,
    tid_date,
    verdict_word,
    waste_text,
)
from repoview.present.timeline import FIRST, Timeline, day_of, timeline
from repoview.tui.session.blocks import shares_of
from repoview.tui.values.drawing import Bar, Columns, Share

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from repoview.core.block_table.table import BlockTable
    from repoview.core.index.statistics import Shape
    from repoview.core.load.result import Progress
    from repoview.core.repo.partial import Partial
    from repoview.core.repo.repo import Repo
    from repoview.tui.session.signature import SignatureAnswers

SIGNATURE: Final = "signature"
"""The label of what is said of it."""

COLLECTIONS: Final = 12
"""Collections that have a bar of their own."""

FANOUTS: Final = 12
"""Fan-outs that have a bar of their own."""

_ORDERS: Final = {
    "preorder": "as a walk meets them: it can be verified while it streams in",
    "nodes-first": "all nodes before all records",
    "cid-ascending": "sorted by CID",
    "cid-descending": "sorted by CID, the greatest first",
    "mixed": "in no order that helps a reader",
}


class Counted(NamedTuple):
    """Statistics that take a while to compute."""

    days: Mapping[int, int]
    shape: Shape
    blocks: BlockTable | None
    """None if the file cannot be read any more."""


class OverviewAnswers:
    """Answers about one repository as a whole.

    Args:
        repo: A whole one.
        signature: Knows what there is to say of its signature.
    """

    def __init__(self, repo: Repo, signature: SignatureAnswers) -> None:
        self._repo = repo
        self._signature = signature

    # Fast answers

    def facts(self) -> list[tuple[str, str]]:
        """Return facts about the repository: labels and their text."""
        report, counts = self._repo.report, self._repo.report.counts
        blocks = count_text(counts.blocks, "block")
        exact = count_text(counts.bytes, "byte")
        size = f"{size_text(counts.bytes)} ({exact}) in {blocks}"
        if wasted := waste_text(report):
            size += f"; {wasted}"
        verdict = f"{verdict_word(report)}. {completeness_text(report)}."
        if weighed := policy_text(report):
            verdict += f" {weighed}."
        # What an event says stands above.
        shaped = "" if report.frame is not None else shape_sentence(report)
        signed = self._signature.explained()
        return [
            *commit_facts(self._repo),
            ("verdict", verdict),
            *([("shape", f"{shaped}.")] if shaped else []),
            *([(SIGNATURE, signed)] if signed else []),
            ("file", size),
            ("holds", _holds(counts.records, counts.collections, counts.nodes)),
            ("order", _order_text(report.order)),
        ]

    def sizes(self, counted: Counted) -> list[Share]:
        """Return the shares of records, nodes, framing and waste in the file."""
        shape, counts = counted.shape, self._repo.report.counts
        if counted.blocks is not None:
            return shares_of(counted.blocks, self._repo.report)
        rest = max(counts.bytes - shape.record_bytes - shape.node_bytes, 0)
        return [
            _share("records", shape.record_bytes, counts.bytes),
            _share("nodes of the tree", shape.node_bytes, counts.bytes),
            _share("CIDs, lengths, and what nothing uses", rest, counts.bytes),
        ]

    def collections(self) -> tuple[list[Bar], str]:
        """Return the largest collections as bars, and a caption about the rest."""
        found = self._repo.collections
        most = sorted(range(len(found)), key=lambda n: -found[n].count)
        bars = [
            Bar(
                safe(each.name, 120) or "(no collection)",
                each.count,
                f"{each.count:,} · {size_text(each.bytes)}",
            )
            for each in (found[number] for number in most[:COLLECTIONS])
        ]
        rest = [found[number] for number in most[COLLECTIONS:]]
        if not rest:
            return bars, "" if bars else "There are no records."
        others = count_text(len(rest), "more collection")
        records = count_text(sum(each.count for each in rest), "record")
        return bars, f"and {others} with {records}"

    # Statistics

    def counted(self, report: Callable[[Progress], None]) -> Counted:
        """Compute the statistics of this view; in any thread.

        Args:
            report: Called often; it cancels by raising.
        """
        repo = self._repo
        parts = inside(repo)
        days, shape = parts.index.tid_days(), repo.shape
        try:
            return Counted(days, shape, parts.block_table(report))
        except SourceError:
            return Counted(days, shape, None)

    def over_time(self, counted: Counted, room: int, today: date) -> Columns:
        """Return records over time as a histogram of up to *room* columns."""
        line = timeline(counted.days, room - 4, self._last_day(today))
        values = [each.count for each in line.bins]
        labels = _labels(line)
        odd = set[int]()
        if line.before:
            values = [line.before, 0, *values]
            labels = [(0, "before"), *((at + 2, text) for at, text in labels)]
            odd.add(0)
        if line.after:
            values += [0, line.after]
            labels.append((len(values) - 1, "after"))
            odd.add(len(values) - 1)
        return Columns(values, labels, frozenset(odd), _said(line))

    def _last_day(self, today: date) -> date:
        """Return the last plausible day for the TID of a record."""
        commit = self._repo.commit
        if commit is None or not commit.rev or not syntax.is_tid(commit.rev):
            return today
        day = day_of(syntax.tid_seconds(commit.rev)) + timedelta(days=1)
        return min(day, today) if day >= FIRST else today

    def depths(self, counted: Counted) -> tuple[list[Bar], str]:
        """Return the keys of each depth, beside the expected numbers."""
        keys = sum(level.records for level in counted.shape.levels)
        if not keys:
            return [], "There are no keys."
        bars = []
        for level in counted.shape.levels:
            if level.depth is None:
                bars.append(Bar("depth ?", level.records, f"{level.records:,}"))
                continue
            expected = expected_records(keys, level.depth)
            says = f"{level.records:,} in {count_text(level.nodes, 'node')}"
            bars.append(Bar(f"depth {level.depth}", level.records, says, expected))
        return bars, (
            "Keys of each depth. ┊ marks the law: three quarters of all keys at the "
            "bottom, and a quarter as many with each step up."
        )

    def fanouts(self, counted: Counted) -> tuple[list[Bar], str]:
        """Return the nodes of each fan-out, beside the expected numbers."""
        shape = counted.shape
        known = [level.depth for level in shape.levels if level.depth is not None]
        if not known:
            return [], "There are no nodes with entries."
        keys = sum(level.records for level in shape.levels)
        law = expected_fanout(keys, max(known))
        last = min(max(shape.fanout, default=0), FANOUTS)
        bars = [
            _fanout_bar(entries, shape.fanout.get(entries, 0), law.get(entries, 0.0))
            for entries in range(last + 1)
        ]
        more = {n: count for n, count in shape.fanout.items() if n > last}
        if more:
            expected = sum(nodes for n, nodes in law.items() if n > last)
            count = sum(more.values())
            bars.append(Bar(f"up to {max(more)}", count, f"{count:,}", expected))
        nodes = sum(shape.fanout.values())
        mean = keys / nodes if nodes else 0
        return bars, (
            f"Nodes by the number of their entries; {mean:.1f} on average. ┊ marks the "
            "law: three quarters as many with each entry more."
        )


def commit_facts(repo: Repo | Partial) -> list[tuple[str, str]]:
    """Return the facts in the commit."""
    commit = repo.commit
    if commit is None:
        return [("account", "no commit was found")]
    rev = "no rev"
    if commit.rev is not None:
        when = tid_date(commit.rev)
        rev = safe(commit.rev, 40) + (f" · {when} UTC" if when else "")
    return [("account", safe(commit.did or "no DID", 200)), ("rev", rev)]


def today() -> date:
    """Return the current date."""
    return datetime.now(UTC).date()


def _fanout_bar(entries: int, nodes: int, expected: float) -> Bar:
    label = count_text(entries, "entry", "entries")
    return Bar(label, nodes, f"{nodes:,}", expected)


def _holds(records: int, collections: int, nodes: int) -> str:
    return (
        f"{count_text(records, 'record')} in {count_text(collections, 'collection')}, "
        f"under a tree of {count_text(nodes, 'node')}"
    )


def _order_text(order: str | None) -> str:
    if order is None:
        return "no tree could be reached"
    return f"{order}: {_ORDERS[order]}"


def _share(label: str, size: int, whole: int) -> Share:
    return Share(label, size, f"{size_text(size)} · {percent_text(size, whole)}")


def _labels(line: Timeline) -> list[tuple[int, str]]:
    """Return which bins have a date below them, and the date."""
    labels, year = [], 0
    for number, each in enumerate(line.bins):
        if line.unit in {"day", "week"} and len(line.bins) <= 200:
            if not number or each.start.day <= (1 if line.unit == "day" else 7):
                labels.append((number, f"{each.start:%Y-%m-%d}"))
        elif each.start.year != year:
            year = each.start.year
            labels.append((number, str(year)))
    return labels


def _said(line: Timeline) -> str:
    """Return the caption: what a column is, and what is left out."""
    said = []
    if line.greatest is not None:
        most, unit = line.greatest, line.unit
        records = count_text(most.count, "record")
        said.append(
            f"A column is a {unit}; most in one: {records}, from {most.start} on"
        )
    if line.before:
        said.append(f"{count_text(line.before, 'record key')} from before {FIRST.year}")
    if line.after:
        said.append(f"{count_text(line.after, 'record key')} from after the commit")
    if line.dateless:
        said.append(f"{count_text(line.dateless, 'record key')} without a date")
    return ". ".join(said) + "." if said else "There are no records."
