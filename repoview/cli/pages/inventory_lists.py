"""Lists of blocks that `repoview ls` prints beside records, an item each.

An item comes in pieces, as the block that it tells of may have any number of
keys: its line, or its JSON object.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from repoview.cli.pages.as_json import with_paths
from repoview.cli.progress import Bar
from repoview.present import json_text, safe

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from repoview.cli.options.options import Run
    from repoview.core.inventory.repeated import DuplicatedBlock, SharedRecord, TwoRoles
    from repoview.core.inventory.unlinked import UnlinkedBlock
    from repoview.core.repo.repo import Repo

    Items = Iterator[Iterable[str]]


def unlinked_items(run: Run, repo: Repo, prefix: str, *, as_json: bool) -> Items:
    """Yield the blocks that nothing links to.

    Args:
        run: Where they are printed.
        repo: Of which.
        prefix: What their `$type` begins with; "" for all, also without one.
        as_json: Whether as objects, and not as lines.
    """
    with list_bar(run) as bar:
        found = repo.inventory.unlinked(bar)
        yield from _block_items(run, found, prefix, as_json=as_json)


def all_items(run: Run, repo: Repo, prefix: str, *, as_json: bool) -> Items:
    """Yield all blocks by what they hold, as `unlinked_items` yields some."""
    with list_bar(run) as bar:
        found = repo.inventory.blocks(bar)
        yield from _block_items(run, found, prefix, as_json=as_json)


def _block_items(
    run: Run, blocks: Iterable[UnlinkedBlock], prefix: str, *, as_json: bool
) -> Items:
    for block in blocks:
        if not prefix or (block.type or "").startswith(prefix):
            if as_json:
                yield (json_text(block.to_json(), None),)
            else:
                yield (block_line(run, block),)


def block_line(run: Run, block: UnlinkedBlock) -> str:
    """Return CID, kind, `$type`, bytes and offset of a block."""
    cid, kind, name, size, offset = block
    shown = "-" if name is None else one_field(run, name)
    return f"{cid}\t{kind}\t{shown}\t{size}\t{offset}"


def duplicate_items(run: Run, repo: Repo, prefix: str, *, as_json: bool) -> Items:
    """Yield the blocks that stand in the file more than once; all of them."""
    del prefix
    with list_bar(run) as bar:
        for block in repo.inventory.duplicates(bar):
            yield _object_of(block) if as_json else _line_of(block)


def _object_of(block: DuplicatedBlock) -> Iterator[str]:
    facts = {
        "cid": str(block.cid),
        "role": block.role,
        "size": block.size,
        "offset": block.offset,
        "copies": [
            {"offset": copy.offset, "same": copy.is_same} for copy in block.copies
        ],
    }
    yield json_text(facts, None)


def _line_of(block: DuplicatedBlock) -> Iterator[str]:
    yield f"{block.cid}\t{block.role}\t{block.size}\t{block.offset}"
    for copy in block.copies:
        yield f"\t{copy.offset}" + ("" if copy.is_same else " differs")


def shared_items(run: Run, repo: Repo, prefix: str, *, as_json: bool) -> Items:
    """Yield the records that several keys link to, if a key begins so."""
    with list_bar(run) as bar:
        for block in repo.inventory.shared(bar):
            if _has_key(repo, block, prefix):
                facts = _facts(block) | {"keys": len(block.numbers)}
                yield _with_keys(run, repo, facts, block, as_json=as_json)


def two_role_items(run: Run, repo: Repo, prefix: str, *, as_json: bool) -> Items:
    """Yield the blocks that are node and record, if a key begins so."""
    with list_bar(run) as bar:
        for block in repo.inventory.two_roles(bar):
            if _has_key(repo, block, prefix):
                facts = _facts(block) | {"node": block.node}
                yield _with_keys(run, repo, facts, block, as_json=as_json)


def _facts(block: SharedRecord | TwoRoles) -> dict[str, Any]:
    return {"cid": str(block.cid), "size": block.size, "offset": block.offset}


def _has_key(repo: Repo, block: SharedRecord | TwoRoles, prefix: str) -> bool:
    return not prefix or any(
        repo.record(number).path.startswith(prefix) for number in block.numbers
    )


def _with_keys(
    run: Run,
    repo: Repo,
    facts: dict[str, Any],
    block: SharedRecord | TwoRoles,
    *,
    as_json: bool,
) -> Iterator[str]:
    """Yield facts about a block, and the paths of the records that it is."""
    if as_json:
        yield from with_paths(repo, facts, block.numbers)
        return
    yield "\t".join(map(str, facts.values()))
    for number in block.numbers:
        yield f"\t{one_field(run, repo.record(number).key)}"


LISTS: Final[dict[str, Callable[..., Items]]] = {
    "blocks": all_items,
    "unlinked": unlinked_items,
    "duplicates": duplicate_items,
    "shared": shared_items,
    "two_roles": two_role_items,
}
"""Option of `repoview ls` → what yields its items."""


def list_bar(run: Run) -> Bar:
    """Return a progress bar, which draws nothing between lines on a terminal."""
    return Bar(None) if run.console.is_terminal else run.bar()


def one_field(run: Run, text: str | bytes) -> str:
    """Return text of a repository, or a key, as one field of a line."""
    raw = text.encode(errors="surrogatepass") if isinstance(text, str) else text
    shown = escaped(raw)
    return safe(shown) if run.console.is_terminal else shown


def escaped(key: bytes) -> str:
    """Return a path in which nothing ends a field or a line."""
    path = key.replace(b"\\", b"\\\\").decode(errors="backslashreplace")
    return path.replace("\t", "\\t").replace("\n", "\\n")
