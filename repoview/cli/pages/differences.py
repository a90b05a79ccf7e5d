"""What differs between two trees, as lines or as one JSON object, as it is found."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from repoview.cli.pages.inventory_lists import one_field
from repoview.cli.pages.sides import whose
from repoview.core.diff.diff import diff
from repoview.core.diff.items import NodeChange, UnknownRange
from repoview.core.load.result import Progress
from repoview.core.trees.record_change import RecordChange
from repoview.export.differences import (
    change_object,
    fields_of,
    unknown_object,
    with_fields,
)
from repoview.present import count_text, json_text, safe, short_cid

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from repoview.cli.options.options import Run
    from repoview.core.cid import Cid
    from repoview.core.diff.fields import FieldChange
    from repoview.core.diff.items import DiffItem
    from repoview.core.repo.repo import Repo

NONE: Final = "-"
"""In place of a CID or value that is not there."""

_STYLES: Final = {"create": "good", "update": "doubt", "delete": "bad"}
_VERBS: Final = {"create": "created", "update": "updated", "delete": "deleted"}


@dataclass
class Comparison:
    """Two repositories, what is wanted of their differences, and what was met."""

    old: Repo
    new: Repo
    fields: bool = False
    """Whether records are read, and what differs in each is told."""

    nodes: bool = False
    """Whether nodes are listed."""

    counts: Counter[str] = field(default_factory=Counter)
    """Records by action; nodes by "node " and action; "unknown" ranges."""

    @property
    def is_same(self) -> bool:
        """Whether both are one tree: top nodes of one CID."""
        return self.old.tree.top == self.new.tree.top

    def items(self, report: Callable[[Progress], None]) -> Iterator[DiffItem]:
        """Yield what differs, and count it.

        Args:
            report: Called with the bytes of the nodes that were compared.
        """
        done = nodes = 0
        for item in diff(self.old.tree, self.new.tree):
            if isinstance(item, NodeChange):
                done, nodes = done + item.size, nodes + 1
                report(Progress("diff", done, 0, nodes))
                self.counts[f"node {item.action}"] += 1
            elif isinstance(item, RecordChange):
                self.counts[item.action] += 1
            else:
                self.counts["unknown"] += 1
            yield item


# Lines


def diff_lines(
    run: Run, compared: Comparison, report: Callable[[Progress], None]
) -> Iterator[str]:
    """Yield a line for each item, and with fields one for each field below it."""
    for item in compared.items(report):
        if isinstance(item, RecordChange):
            yield _record_line(run, item)
            if compared.fields:
                found = fields_of(compared.old, compared.new, item)
                yield from _field_lines(run, found)
        elif isinstance(item, UnknownRange):
            yield _unknown_line(run, item)
        elif compared.nodes:
            paint = run.console.paint
            word = paint(_STYLES[item.action], f"{item.action}-node")
            yield f"{word}\t{item.cid}\t{item.depth}\t{item.size}"


def _record_line(run: Run, change: RecordChange) -> str:
    paint = run.console.paint
    word = paint(_STYLES[change.action], change.action)
    cids = (paint("dim", cid) for cid in map(_cid, (change.before, change.after)))
    return "\t".join((word, one_field(run, change.key), *cids))


def _field_lines(run: Run, changes: list[FieldChange] | None) -> Iterator[str]:
    if changes is None:
        yield f"\t{NONE}\t{NONE}\t{NONE}"
        return
    for each in changes:
        old = NONE if each.action == "create" else json_text(each.before, None)
        new = NONE if each.action == "delete" else json_text(each.after, None)
        yield f"\t{one_field(run, each.path) or '.'}\t{old}\t{new}"


def _unknown_line(run: Run, item: UnknownRange) -> str:
    after = one_field(run, item.lo) or NONE
    before = NONE if item.hi is None else one_field(run, item.hi)
    word = run.console.paint("bad", "unknown")
    return f"{word}\t{after}\t{before}\t{item.cid}\t{item.side}"


def _cid(cid: Cid | None) -> str:
    return NONE if cid is None else str(cid)


# JSON


def diff_pieces(
    compared: Comparison, report: Callable[[Progress], None]
) -> Iterator[str]:
    """Yield the pieces of one JSON object, records as they are found."""
    nodes: dict[str, list[str]] = {"create": [], "delete": []}
    unknown: list[dict[str, Any]] = []
    sides = {"a": _side(compared.old), "b": _side(compared.new)}
    yield json_text(sides, None)[:-1] + ',"records":['
    lead = "\n"
    for item in compared.items(report):
        if isinstance(item, RecordChange):
            yield lead + json_text(_record_object(compared, item), None)
            lead = ",\n"
        elif isinstance(item, NodeChange):
            nodes[item.action].append(str(item.cid))
        else:
            unknown.append(unknown_object(item))
    yield from _array('],\n"nodes_created":[', nodes["create"])
    yield from _array('],\n"nodes_deleted":[', nodes["delete"])
    rest = json_text({"unknown": unknown, "same": compared.is_same}, None)
    yield f"],\n{rest[1:]}\n"


def _array(head: str, cids: list[str]) -> Iterator[str]:
    yield head
    lead = ""
    for cid in sorted(cids):
        yield f'{lead}"{cid}"'
        lead = ","


def _side(repo: Repo) -> dict[str, Any]:
    commit = repo.commit
    return {
        "source": repo.name,
        "did": None if commit is None else commit.did,
        "rev": None if commit is None else commit.rev,
        "data": str(repo.tree.top),
    }


def _record_object(compared: Comparison, change: RecordChange) -> dict[str, Any]:
    if compared.fields:
        return with_fields(compared.old, compared.new, change)
    return change_object(change)


# Words


def diff_sentences(compared: Comparison) -> Iterator[str]:
    """Yield what came out: that nothing differs, or how much; and what is unknown."""
    a, b = compared.old, compared.new
    names = f"{a.name} ({whose(a)}) and {b.name} ({whose(b)})"
    if compared.is_same:
        yield f"{names} have the same tree, {short_cid(a.tree.top)}"
        return
    told = [
        f"{count_text(compared.counts[action], 'record')} {verb}"
        for action, verb in _VERBS.items()
    ]
    told += [
        f"{count_text(compared.counts[f'node {action}'], 'node')} {_VERBS[action]}"
        for action in ("create", "delete")
    ]
    if any(each != "unknown" for each in +compared.counts):
        yield f"{names} differ: {', '.join(told)}"
    else:
        yield f"between {names} no difference was found"
    if count := compared.counts["unknown"]:
        ranges = count_text(count, "range of keys", "ranges of keys")
        yield (
            f"of {ranges} nothing can be told, as a node is missing or broken there: "
            "see the lines that begin with unknown"
        )


def accounts_differ(compared: Comparison) -> str | None:
    """Return a sentence if both are not of one account; None if they are."""
    a, b = compared.old.commit, compared.new.commit
    if a is None or b is None or a.did == b.did:
        return None
    first, second = (safe(each.did or "no account", 80) for each in (a, b))
    return f"they are of two accounts: {first} and {second}"


def lines_in_parts(lines: Iterable[str], at_once: int = 500) -> Iterator[str]:
    """Yield many lines as few texts."""
    held: list[str] = []
    for line in lines:
        held.append(line + "\n")
        if len(held) == at_once:
            yield "".join(held)
            held.clear()
    yield "".join(held)
