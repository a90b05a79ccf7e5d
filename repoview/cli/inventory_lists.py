"""Lists of blocks that `repoview ls` prints beside records, a line each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from repoview.cli.progress import Bar
from repoview.present import safe

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from repoview.cli.options import Run
    from repoview.core.inventory.unlinked import UnlinkedBlock
    from repoview.core.repo.repo import Repo

Lists = tuple["Iterable[dict[str, Any]]", "Iterable[str]"]
"""The same list twice, of which one is gone through: as objects, and as lines."""


def unlinked_list(run: Run, repo: Repo, prefix: str) -> Lists:
    """Return the blocks that nothing links to.

    Args:
        run: Where they are printed.
        repo: Of which.
        prefix: What their `$type` begins with; "" for all, also without one.
    """

    def chosen() -> Iterator[UnlinkedBlock]:
        with list_bar(run) as bar:
            for block in repo.inventory.unlinked(bar):
                if not prefix or (block.type or "").startswith(prefix):
                    yield block

    def lines() -> Iterator[str]:
        for cid, kind, name, size, offset in chosen():
            shown = "-" if name is None else one_field(run, name)
            yield f"{cid}\t{kind}\t{shown}\t{size}\t{offset}"

    return (block.to_json() for block in chosen()), lines()


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
