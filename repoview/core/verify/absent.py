"""Report what a tree lacks as a whole: how much, which keys, and of what file.

The walk reports each block that is not there. Here it is said once for all of
them, as the finding that explains the others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from repoview.core.findings.findings import Severity, finding
from repoview.core.kernel.seam import NodeKind
from repoview.core.verify.shape import FileShape
from repoview.core.verify.tree_rules import range_text
from repoview.core.wording import agreed, count_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from repoview.core.findings.findings import Findings
    from repoview.core.index.nodes import NodeTable
    from repoview.core.kernel.seam import Hole
    from repoview.core.verify.shape import Told

_NOTHING_OF_IT: Final = (
    "the file holds a commit and nothing of its tree, of which nothing can be told: "
    "it is all that was sent, or was cut off behind it"
)
_ENDS_CLEANLY: Final = (
    "the file ends cleanly, but blocks that the tree needs are missing: it is a slice, "
    "or was cut off between two blocks"
)


def report_absent(
    findings: Findings, told: Told, nodes: NodeTable | None, *, lacks: tuple[int, int]
) -> None:
    """Report how much is absent, and in what ranges of keys (BLK010).

    Args:
        findings: Takes the finding.
        told: The shape of the file.
        nodes: What the walk met, if that is kept.
        lacks: Numbers of nodes and of records whose blocks are not there.
    """
    whole = described(told)
    amounts = zip(lacks, ("node", "record"), strict=True)
    missing = [count_text(count, noun) for count, noun in amounts if count]
    are = agreed(sum(lacks), "is", "are")
    text = f"{whole}: {' and '.join(missing)} {are} not in it"
    if nodes is not None and lacks[0]:
        text += _keys_text(nodes)
    findings.add(finding("BLK010", text))


def described(told: Told) -> str:
    """Return what a file is in a few words, a proof with its path in quotes."""
    if told.shape is not FileShape.PROOF:
        return told.shape.label
    if told.proves is None:
        return "a proof that a record is not there"
    return f"a proof of {told.proves!a}"


def report_clean_end(
    findings: Findings, end: int, *, is_bare: bool, expected: bool
) -> None:
    """Report that the container does not say that blocks are missing (CAR029).

    Args:
        findings: Takes the finding.
        end: Where the file ends.
        is_bare: Whether there is a commit, and nothing of its tree.
        expected: Whether blocks may be missing.
    """
    text = _NOTHING_OF_IT if is_bare else _ENDS_CLEANLY
    severity = Severity.INFO if expected else None
    findings.add(finding("CAR029", text, severity=severity, offset=end))


def _keys_text(nodes: NodeTable) -> str:
    """Return which keys the missing nodes hide: the first of them, and the last."""
    first = next(_missing(nodes, range(len(nodes.holes))), None)
    last = next(_missing(nodes, range(len(nodes.holes) - 1, -1, -1)), None)
    if first is None or last is None:
        return ""
    if first == last:
        return f"; the node holds {range_text(first)}"
    return f"; the first node holds {range_text(first)}, the last {range_text(last)}"


def _missing(nodes: NodeTable, places: range) -> Iterator[Hole]:
    """Yield the holes whose node is not in the file, of those at some places."""
    numbers = nodes.holes.numbers
    for place in places:
        number = numbers[place]
        if nodes.kinds[number] == NodeKind.MISSING:
            yield nodes.holes[number]
