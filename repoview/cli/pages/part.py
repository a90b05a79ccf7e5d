"""What is said of a part of a repository: what it holds, and what it is good for."""

from __future__ import annotations

import shlex
from itertools import islice
from typing import TYPE_CHECKING, Final

from repoview.core.verify.shape import FileShape
from repoview.present import safe, size_text

if TYPE_CHECKING:
    from repoview.cli.console import Console
    from repoview.core.repo.repo import Repo
    from repoview.core.verify.report import Report

_SHOWN: Final = 20


def held_lines(console: Console, repo: Repo) -> list[str]:
    """Return lines about the blocks of a response of getBlocks, none about others."""
    if repo.report.shape is not FileShape.BLOCKS:
        return []
    total = repo.report.counts.blocks
    lines = ["", console.paint("head", f"Blocks ({total:,})")]
    for block in islice(repo.inventory.blocks(), _SHOWN):
        name = "" if block.type is None else f" {safe(block.type, 60)}"
        size = f"{size_text(block.size)} at byte {block.offset:,}"
        lines.append(f"  {block.cid}")
        lines.append(console.paint("dim", f"    {block.kind.value}{name}, {size}"))
    if total > _SHOWN:
        more = f"  repoview ls {safe(repo.name, 200)} lists all of them"
        lines.append(console.paint("dim", more))
    return lines


def advice_text(report: Report) -> str:
    """Return what to ask such a file for, "" where it is no part, or has no answer."""
    match report.shape:
        case FileShape.PROOF if report.proves is None:
            return "Ask what it proves with --absent PATH."
        case FileShape.PROOF:
            return f"Ask what it proves with --path {_word(report.proves)}."
        case FileShape.COMMIT_SLICE | FileShape.SINCE:
            return (
                "With --expect slice what is missing is no fault; --path PATH asks "
                "about one record."
            )
    return ""


def _word(path: str | None) -> str:
    """Return a path as a shell takes it; "PATH" for one that no terminal may have."""
    if path is None or safe(path, 400) != path:
        return "PATH"
    return shlex.quote(path)
