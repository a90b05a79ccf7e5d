"""Write a repository anew into a file, and prove what was written.

The file is verified as any other before it gets its name: what does not come
out as the same repository, in the order of the walk, is removed.
"""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from repoview.core.opening.options import OpenOptions
from repoview.core.repo.begin import begin
from repoview.core.repo.inside import inside
from repoview.core.repo.repo import finish
from repoview.core.rewrite import (
    NotWhole,
    RewriteDiffers,
    Rewritten,
    insist_on_same,
    insist_on_whole,
)
from repoview.core.rewrite import rewrite as rewrite_blocks
from repoview.core.wording import count_text
from repoview.export.destination import written_beside
from repoview.export.records import hinting_at_library
from repoview.export.writing import refuse_source
from repoview.present import size_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from repoview.core.load.result import Progress
    from repoview.core.repo.repo import Repo

__all__ = ["NotWhole", "RewriteDiffers", "Rewritten", "rewrite"]


def rewrite(
    repo: Repo,
    destination: str | os.PathLike[str],
    *,
    overwrite: bool = False,
    report: Callable[[Progress], None] | None = None,
) -> Rewritten:
    """Write a repository into a CAR in the order of the walk, each block once.

    The commit, and with it the signature, stays what it is; what the tree does
    not use is left out. Blocks are hashed as they are copied, and the file is
    read again and verified, by what the repository was verified by, before it
    gets its name. To write it again gives the same bytes.

    Args:
        repo: Its tree must be sound and complete; other faults, as of records,
            stay in the file.
        destination: The path of the file; never that of the source.
        overwrite: Whether a file that is there already is replaced.
        report: Called with progress; what it raises ends the writing, and
            leaves nothing.

    Raises:
        NotWhole: The tree is not sound and complete, or there is no commit.
        RewriteDiffers: The file is another than was written, and is removed.
        DestinationTaken: There is a file, and it is not to be replaced.
        DestinationError: The path is that of the source, or cannot be written.
        SourceError: The source was changed.
    """
    options = OpenOptions(inside(repo).checks, on_limit="leave")
    note = report or (lambda _: None)
    with hinting_at_library():
        return rewrite_file(repo, Path(destination), options, note, force=overwrite)


def rewrite_file(
    repo: Repo,
    path: Path,
    options: OpenOptions,
    report: Callable[[Progress], None],
    *,
    force: bool,
) -> Rewritten:
    """Do what `rewrite` does; raises as it does.

    Args:
        repo: What is written.
        path: The file.
        options: How what was written is opened to be verified.
        report: Called with progress.
        force: Whether a file that is there may be replaced.
    """
    insist_on_whole(repo)
    refuse_source(repo.name, path)
    prove = partial(_prove, repo, options, report)
    with written_beside(path, force=force, check=prove) as file:
        return rewrite_blocks(repo, file.write, report)


def _prove(
    repo: Repo,
    options: OpenOptions,
    report: Callable[[Progress], None],
    beside: Path,
) -> None:
    with finish(begin(os.fspath(beside), options), report) as written:
        insist_on_same(repo, written)


def rewritten_text(repo: Repo, rewritten: Rewritten, path: Path | str) -> str:
    """Return what was written, and what was left out, as a sentence.

    Args:
        repo: Of which it was written.
        rewritten: The result.
        path: The file, as it was named.
    """
    counts = repo.report.counts
    records = count_text(counts.records, "record")
    blocks = count_text(rewritten.blocks, "block")
    text = f"wrote {path}: {records} in {blocks}, {size_text(rewritten.bytes)}"
    left = [
        count_text(count, what, many)
        for count, what, many in (
            (counts.duplicate_blocks, "copy", "copies"),
            (counts.unlinked_blocks, "unlinked block", None),
        )
        if count
    ]
    return f"{text}; left out: {' and '.join(left)}" if left else text
