"""The way from the commit down to one path, each hash computed again."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from repoview.cli.outline import size_and_place
from repoview.cli.words import why_unproven
from repoview.core.errors import BlockMissing
from repoview.core.mst import key_depth
from repoview.core.seam import NodeKind
from repoview.present import range_text, safe, short_cid

if TYPE_CHECKING:
    from collections.abc import Iterator

    from repoview.cli.console import Paint
    from repoview.core.cid import Cid
    from repoview.core.repo import Record, Repo


@dataclass(frozen=True, slots=True)
class Step:
    """One block on the way."""

    role: str
    """commit, node, record; or what a link led to instead of a node."""

    cid: Cid
    link: str
    """The field of the block above that links to it; "" for the first."""

    about: str
    depth: int | None
    offset: int | None
    size: int | None
    hashes: bool
    """Whether its bytes are there and hash to its CID."""

    def to_json(self) -> dict[str, Any]:
        """Return what `mst PATH --json` says of it."""
        return {
            "role": self.role,
            "cid": str(self.cid),
            "link": self.link or None,
            "depth": self.depth,
            "offset": self.offset,
            "size": self.size,
            "hashes": self.hashes,
        }


@dataclass(frozen=True, slots=True)
class Way:
    """All blocks from the top to where a path is, or would be."""

    path: str
    steps: list[Step]
    found: bool | None
    """None when a hole is on the way, so that nothing is proven."""

    def to_json(self) -> dict[str, Any]:
        """Return what `mst PATH --json` prints."""
        steps = [step.to_json() for step in self.steps]
        return {"path": self.path, "found": self.found, "steps": steps}


def way_to(repo: Repo, path: str) -> Way:
    """Return the way to *path* in *repo*; the path need not be there."""
    record = repo.get(path)
    key = record.key if record is not None else path.encode(errors="surrogatepass")
    steps = []
    if repo.commit is not None:
        commit = repo.commit
        hashes = _hashes(repo, commit.cid)
        about = safe(f"{commit.did}, rev {commit.rev}", 80)
        offset, size = commit.offset, commit.size
        steps.append(Step("commit", commit.cid, "", about, None, offset, size, hashes))
    way = repo.tree.way_to(key)
    for above, number in zip([None, *way], way, strict=False):
        steps.append(_node_step(repo, above, number))
    if record is not None:
        link = _link_to_record(repo, way[-1], record.number) if way else ""
        steps.append(_record_step(repo, record, link))
        return Way(path, steps, found=True)
    return Way(path, steps, None if why_unproven(repo, path) else False)


def _record_step(repo: Repo, record: Record, link: str) -> Step:
    hashes = _hashes(repo, record.cid)
    place = record.offset, record.size
    return Step("record", record.cid, link, record.state, None, *place, hashes)


def _node_step(repo: Repo, above: int | None, number: int) -> Step:
    node = repo.tree.node(number)
    role = "node" if node.kind is NodeKind.NODE else node.kind.label
    link = "data" if repo.commit is not None else ""
    if above is not None:
        link = _link_to_node(repo, above, number)
    about = range_text(node.lo, node.hi)
    if role == "node":
        entries = sum(not isinstance(i, int) for i in repo.tree.children(number))
        about = f"depth {node.depth}, entries {entries}"
    place = node.offset, node.size
    hashes = _hashes(repo, node.cid)
    return Step(role, node.cid, link, about, node.depth, *place, hashes)


def _link_to_node(repo: Repo, above: int, number: int) -> str:
    entry = -1
    for item in repo.tree.children(above):
        if item == number:
            break
        entry += not isinstance(item, int)
    return "l" if entry < 0 else f"e[{entry}].t"


def _link_to_record(repo: Repo, above: int, number: int) -> str:
    refs = [i for i in repo.tree.children(above) if not isinstance(i, int)]
    at = next(i for i, ref in enumerate(refs) if ref.number == number)
    return f"e[{at}].v"


def _hashes(repo: Repo, cid: Cid) -> bool:
    try:
        repo.block(cid)
    except BlockMissing:
        return False
    return True


def way_lines(way: Way, paint: Paint) -> Iterator[str]:
    """Yield the way as text: the blocks, and the links between them."""
    for step in way.steps:
        if step.link:
            yield paint("dim", f"   │ {step.link}")
        proof = paint("fine", "hash ✓") if step.hashes else paint("bad", "hash ✗")
        place = size_and_place(step.size, step.offset)
        role = paint("head", f"{step.role:<8}")
        yield f"{role}{short_cid(step.cid)}  {proof}  {place}"
        yield " " * 8 + paint("dim", step.about)
    yield ""
    yield from _depth_lines(way)
    yield _outcome(way)


def _depth_lines(way: Way) -> Iterator[str]:
    key = way.path.encode(errors="surrogatepass")
    depth = key_depth(key)
    bits = f"{int.from_bytes(sha256(key).digest(), 'big'):0256b}"
    pairs = " ".join(bits[i : i + 2] for i in range(0, max(2 * depth + 4, 10), 2))
    zero = f"{depth} zero pair{'' if depth == 1 else 's'}"
    yield f"The key's SHA-256 begins {pairs} …: {zero}, so depth {depth}."


def _outcome(way: Way) -> str:
    path = safe(way.path, 200)
    if way.found:
        if all(step.hashes for step in way.steps):
            return f"{path} is in the repository: every hash on the way is right."
        return (
            f"{path} is in the tree, but a block on the way is not what it should be."
        )
    if way.found is False:
        return f"{path} is not in the repository: the last node would hold it."
    return f"Whether {path} is in the repository cannot be told from this file."
