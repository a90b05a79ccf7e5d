"""Facts about a repository as two columns: label and text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from repoview.present import (
    count_text,
    has_hidden,
    safe,
    short_cid,
    signature_text,
    size_text,
    tid_date,
    waste_text,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from repoview.cli.console import Console
    from repoview.core.verify.report import Report

_LABEL: Final = 11


def fact_lines(console: Console, facts: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Yield safe facts as aligned lines."""
    for label, text in facts:
        yield console.paint("dim", f"{label:<{_LABEL}}") + text


def commit_facts(report: Report, *, brief: bool) -> list[tuple[str, str]]:
    """Return what the commit says; *brief* is whose it is and how new."""
    commit = report.commit
    if commit is None:
        return [("commit", "none")]
    rev = safe(commit.rev or "none", 60)
    if when := tid_date(commit.rev or ""):
        rev += f"  ({when} UTC)"
    account = safe(commit.did or "not told", 200)
    version = "not told" if commit.version is None else str(commit.version)
    if brief:
        return [
            ("account", account),
            ("commit", f"{short_cid(commit.cid)}, version {version}"),
            ("rev", rev),
        ]
    sig = "none"
    if commit.sig is not None:
        said = signature_text(report).removeprefix("signature ")
        sig = f"{count_text(len(commit.sig), 'byte')}, {said}"
    return [
        ("account", account),
        ("commit", str(commit.cid)),
        ("version", version),
        ("rev", rev),
        ("data", "none" if commit.data is None else str(commit.data)),
        ("prev", "none" if commit.prev is None else str(commit.prev)),
        ("signature", sig),
    ]


def _records_text(report: Report) -> str:
    counts = report.counts
    if not counts.collections:
        return f"{counts.records:,}" if counts.records else "none"
    return f"{counts.records:,} in {count_text(counts.collections, 'collection')}"


def count_facts(report: Report) -> list[tuple[str, str]]:
    """Return how much there is, and in what order."""
    counts = report.counts
    facts = [
        ("file", _file_text(report)),
        ("records", _records_text(report)),
        ("tree", count_text(counts.nodes, "node")),
    ]
    unlinked = "unreached" if has_hidden(report) else "unlinked"
    beside = [
        f"{count_text(count, f'{what} block')} ({size_text(size)})"
        for count, size, what in (
            (counts.unlinked_blocks, counts.unlinked_bytes, unlinked),
            (counts.duplicate_blocks, counts.duplicate_bytes, "duplicate"),
        )
        if count
    ]
    if beside:
        facts.append(("beside it", " and ".join(beside)))
    if report.order is not None:
        facts.append(("order", _ORDERS.get(report.order, report.order)))
    return facts


def _file_text(report: Report) -> str:
    """Return the size of the file, and how much of it is wasted."""
    counts = report.counts
    size = f"{size_text(counts.bytes)}, {count_text(counts.blocks, 'block')}"
    wasted = waste_text(report)
    return f"{size}; {wasted}" if wasted else size


_ORDERS: Final = {
    "preorder": "preorder: walk order, as the specification recommends",
    "nodes-first": "nodes-first: all nodes before all records",
    "cid-ascending": "cid-ascending: sorted by CID",
    "cid-descending": "cid-descending: sorted by CID, backwards",
    "mixed": "mixed",
}
