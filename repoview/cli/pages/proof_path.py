"""The proof path from the commit down to one path, each hash computed again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from repoview.cli.pages.outline import size_and_place
from repoview.cli.pages.sections import section_lines
from repoview.cli.words import why_unproven
from repoview.core.repo.proof_path import Step, way_to_key
from repoview.present import range_text, safe, short_cid, signature_text
from repoview.present.anatomy.paths import absent_sections, path_sections

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from repoview.cli.console import Paint
    from repoview.core.repo.repo import Repo
    from repoview.present.styled import Section


@dataclass(frozen=True, slots=True)
class Way:
    """A proof path: all blocks from the commit to where a path is, or would be."""

    path: str
    steps: list[Step]
    found: bool | None
    """None when there is a hole on the way, so that nothing is proven."""

    about: list[str]
    """A text about each step."""

    signed: str
    """The state of the commit's signature, in words; "" without a commit."""

    sections: list[Section]
    """Why the key is at its depth, and what the hashes prove."""

    def to_json(self) -> dict[str, Any]:
        """Return what `mst PATH --json` prints."""
        steps = [_step_object(step) for step in self.steps]
        return {"path": self.path, "found": self.found, "steps": steps}


def way_to(repo: Repo, path: str) -> Way:
    """Return the way to *path* in *repo*; the path need not be there."""
    record = repo.get(path)
    key = record.key if record is not None else path.encode(errors="surrogatepass")
    steps = way_to_key(repo, key)
    about = [_about(repo, step) for step in steps]
    found: bool | None = record is not None
    if not found and why_unproven(repo, path):
        found = None
    signed = signature_text(repo.report)
    if found is False:
        sections = absent_sections(key, steps)
    else:
        sections = path_sections(steps, len(repo.tree))
    return Way(path, steps, found, about, signed, sections)


def _step_object(step: Step) -> dict[str, Any]:
    """Return what `mst PATH --json` says of a step."""
    return {
        "role": step.role,
        "cid": str(step.cid),
        "link": step.link or None,
        "depth": None if step.node is None else step.node.depth,
        "offset": step.offset,
        "size": step.size,
        "hashes": step.hashes,
    }


def _about(repo: Repo, step: Step) -> str:
    if step.record is not None:
        return step.record.state
    if step.node is None:
        commit = repo.commit
        return "" if commit is None else safe(f"{commit.did}, rev {commit.rev}", 80)
    if step.entries is None:
        return range_text(step.node.lo, step.node.hi)
    return f"depth {step.node.depth}, entries {step.entries}"


def step_lines(steps: Iterable[Step], paint: Paint) -> Iterator[str]:
    """Yield blocks of a way, each below the link to it."""
    for step in steps:
        if step.link:
            yield paint("dim", f"   │ {step.link}")
        proof = paint("fine", "hash ✓") if step.hashes else paint("bad", "hash ✗")
        place = size_and_place(step.size, step.offset)
        role = paint("head", f"{step.role:<8}")
        yield f"{role}{short_cid(step.cid)}  {proof}  {place}"


def way_lines(
    way: Way, paint: Paint, width: int, *, is_explained: bool
) -> Iterator[str]:
    """Yield the way as text: the blocks, and the links between them.

    Args:
        way: The way.
        paint: The colors.
        width: Columns to wrap sentences to.
        is_explained: Whether to say why the key is at its depth, and what the
            hashes prove.
    """
    for step, about in zip(way.steps, way.about, strict=True):
        yield from step_lines([step], paint)
        yield " " * 8 + paint("dim", about)
    yield ""
    if is_explained:
        yield from section_lines(way.sections, paint, width)
        yield ""
    yield _outcome(way)


def _outcome(way: Way) -> str:
    path = safe(way.path, 200)
    if way.found:
        if all(step.hashes for step in way.steps):
            proof = f"{path} is in the repository: every hash on the way is right"
            return f"{proof}; {way.signed}." if way.signed else f"{proof}."
        return (
            f"{path} is in the tree, but a block on the way is not what it should be."
        )
    if way.found is False:
        return f"{path} is not in the repository: the last node would hold it."
    return f"Whether {path} is in the repository cannot be told from this file."
