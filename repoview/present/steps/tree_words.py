"""The steps of a walk, a look-up, a diff and a proof in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal

from repoview.core.diff.items import NodeChange, UnknownRange
from repoview.core.repo.proof import Proof
from repoview.core.repo.step import Step
from repoview.core.trees.node import CHECKS, NodeCheck, NodeLink
from repoview.core.trees.record_change import RecordChange
from repoview.core.trees.steps import (
    BlockAsked,
    KeyAbsent,
    KeyCompared,
    KeyFound,
    KeyMet,
    NodeOpened,
    NodeRefused,
    SubtreeSkipped,
)
from repoview.core.wording import count_text
from repoview.present.proofs import proof_text
from repoview.present.steps.said import (
    PATH,
    SHORT,
    Check,
    Spot,
    ToldStep,
    between,
    key_text,
    of_node,
    waits_text,
)
from repoview.present.text import range_text, safe, short_cid
from repoview.present.verdicts import SIGNATURES

if TYPE_CHECKING:
    from collections.abc import Callable

    from repoview.core.trees.steps import Side

_ANSWER_SIGNS: Final = {"present": "★", "absent": "∅", "unknown": "✗"}
"""What is proved of a path → the sign of the step that tells it."""

# Nodes


def _of(side: Side | None) -> str:
    return f"{side} tree: " if side else ""


def _link_text(link: NodeLink) -> str:
    if link.depth is None:
        return f"the top node {short_cid(link.cid)}"
    return f"the node {short_cid(link.cid)} by {link.field}"


def _asked(step: BlockAsked) -> ToldStep:
    link = step.link
    says = f"{_of(step.side)}ask for {_link_text(link)}"
    if link.depth is not None:
        says += f": it must be of depth {link.depth}, with {between(link)}"
    if step.only_first:
        says += "; only its first key is wanted"
    waits = waits_text(step.waiting)
    checks = tuple(Check.of(check, "open") for check in CHECKS)
    spot = of_node(link, step.side)
    return ToldStep("?", says, checks, waits, len(step.waiting), spot)


def _opened(step: NodeOpened) -> ToldStep:
    node = step.node
    keys = count_text(len(node.keys), "key") if node.keys else "no key"
    links = sum(tree is not None for tree in node.trees)
    says = (
        f"{_of(step.side)}open it: a node of depth {node.depth} with {keys} and "
        f"{count_text(links, 'link')} down, {count_text(node.size, 'byte')}; "
        "all checks pass"
    )
    checks = tuple(Check.of(check, "passed") for check in step.passed)
    return ToldStep("✓", says, checks, spot=of_node(node.link, step.side))


def _refused(step: NodeRefused) -> ToldStep:
    link = step.link
    why = safe(step.fault, PATH) or "is not there"
    says = (
        f"{_of(step.side)}refuse the node {short_cid(link.cid)}: it {why}; nothing "
        f"is known of {between(link)}"
    )
    checks = [Check.of(check, "passed") for check in step.passed]
    checks.append(Check.of(step.failed, "failed"))
    checks += [Check.of(check, "open") for check in CHECKS[len(checks) :]]
    return ToldStep("✗", says, tuple(checks), spot=of_node(link, step.side))


def _compared(step: KeyCompared) -> ToldStep:
    node, place = step.node, step.place
    amount = len(node.keys)
    if step.found:
        says = (
            f"compare: key {place + 1} of {amount} in it is the one that is looked for"
        )
    elif not amount:
        says = "compare: it has no key, so the way leads on by l"
    else:
        sides = []
        if place:
            sides.append(f"behind {key_text(node.keys[place - 1])}")
        if place < amount:
            sides.append(f"before {key_text(node.keys[place])}")
        says = f"compare with its keys: the key belongs {' and '.join(sides)}"
        field = f"e[{place - 1}].t" if place else "l"
        if step.depth < node.depth:
            says += f", so the way leads on by {field}"
    if not step.found:
        says += f"; it is of depth {step.depth}, this node of {node.depth}"
    return ToldStep("=", says, spot=of_node(node.link, None))


def _found(step: KeyFound) -> ToldStep:
    says = f"found: {step.field} links {key_text(step.key)} to {short_cid(step.value)}"
    return ToldStep("★", says, spot=Spot("key", key=step.key))


def _absent(step: KeyAbsent) -> ToldStep:
    why = "there is no sub-tree where it would be"
    if step.why == "depth":
        why = "a node of its depth would have it, and all below is of smaller depth"
    says = f"absent: {key_text(step.key)} is proved not to be there, as {why}"
    return ToldStep("∅", says, spot=Spot("key", key=step.key))


def _met(step: KeyMet) -> ToldStep:
    says = f"come to {key_text(step.key)}, depth {step.depth}: {short_cid(step.value)}"
    waits = waits_text(step.waiting)
    spot = Spot("key", key=step.key)
    return ToldStep("•", says, (), waits, len(step.waiting), spot)


# Diffs


def _skipped(step: SubtreeSkipped) -> ToldStep:
    link = step.new
    what = "both trees" if link.depth is None else f"the sub-tree with {between(link)}"
    says = (
        f"skip {what}: the CID is {short_cid(link.cid)} in both, so all below is the "
        "same, and no block is read"
    )
    return ToldStep("»", says, spot=of_node(link, "new"))


def _changed(step: RecordChange) -> ToldStep:
    sides = [each for each in (step.before, step.after) if each is not None]
    says = f"{step.action} {key_text(step.key)}: {' → '.join(map(short_cid, sides))}"
    side: Side = "old" if step.after is None else "new"
    return ToldStep("Δ", says, spot=Spot("key", key=step.key, side=side))


def _node_changed(step: NodeChange) -> ToldStep:
    says = (
        f"the {step.side} tree alone has the node {short_cid(step.cid)} of depth "
        f"{step.depth}, {count_text(step.size, 'byte')}"
    )
    return ToldStep("Δ", says, spot=Spot("node", step.cid, step.lo, side=step.side))


def _unknown(step: UnknownRange) -> ToldStep:
    says = (
        f"nothing can be said of {range_text(step.lo or None, step.hi, SHORT)}: the "
        f"{step.side} tree lacks the node {short_cid(step.cid)}"
    )
    return ToldStep("✗", says, spot=Spot("node", step.cid, step.lo, side=step.side))


# Proofs


def _block_step(step: Step) -> ToldStep:
    says = f"read the {step.role} {short_cid(step.cid)}"
    if step.link:
        says += f" by {step.link}"
    is_there = step.offset is not None
    if is_there:
        says += f": {count_text(step.size or 0, 'byte')} at {step.offset:,}"
    says += ", it hashes to its CID" if step.hashes else ", and that proves nothing"
    there = Check.of(NodeCheck.THERE, "passed" if is_there else "failed")
    state: Literal["failed", "open"] = "failed" if is_there else "open"
    hashes = Check.of(NodeCheck.HASH, "passed" if step.hashes else state)
    sign = "✓" if step.hashes else "✗"
    return ToldStep(sign, says, (there, hashes))


def _proved(step: Proof) -> ToldStep:
    says = f"{proof_text(step)}; {SIGNATURES[step.signature]}"
    key = step.path.encode(errors="surrogateescape")
    sign = _ANSWER_SIGNS[step.answer.value]
    return ToldStep(sign, says, spot=Spot("key", key=key))


WORDS: Final[dict[type, Callable[[Any], ToldStep]]] = {
    BlockAsked: _asked,
    NodeOpened: _opened,
    NodeRefused: _refused,
    KeyCompared: _compared,
    KeyFound: _found,
    KeyAbsent: _absent,
    KeyMet: _met,
    SubtreeSkipped: _skipped,
    RecordChange: _changed,
    NodeChange: _node_changed,
    UnknownRange: _unknown,
    Step: _block_step,
    Proof: _proved,
}
