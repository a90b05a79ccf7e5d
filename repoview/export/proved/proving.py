"""Write a proof into a file, which must prove the same before it gets its name."""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING

from repoview.core.errors import RepoviewError
from repoview.core.opening.options import OpenOptions
from repoview.core.proof.ranges import prove_range
from repoview.core.repo.begin import begin
from repoview.core.repo.inside import inside
from repoview.core.repo.repo import finish
from repoview.export.destination import written_beside
from repoview.export.writing import refuse_source

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from repoview.core.load.result import Progress
    from repoview.core.proof.parts import BuiltParts, WrittenProof


class ProofDiffers(RepoviewError):
    """What was written does not prove what it should: the disk is at fault."""


def write_proof(
    built: BuiltParts,
    path: Path,
    report: Callable[[Progress], None],
    *,
    force: bool,
) -> WrittenProof:
    """Write a proof as a CAR, atomically.

    Args:
        built: The proof.
        path: The file; never that of the source.
        report: Called with progress; what it raises ends the writing.
        force: Whether a file that is there may be replaced.

    Raises:
        ProofDiffers: The file does not prove the same, and is removed.
        DestinationTaken: There is a file, and it may not be replaced.
        DestinationError: It is the source, or cannot be written.
        SourceError: The source was changed.
    """
    refuse_source(built.repo.name, path)
    check = partial(_prove_again, built)
    with written_beside(path, force=force, check=check) as file:
        return built.write_car(file.write, report)


def _prove_again(built: BuiltParts, beside: Path) -> None:
    checks = inside(built.repo).checks
    options = OpenOptions(checks, on_limit="leave")
    with finish(begin(os.fspath(beside), options)) as repo:
        for proof in built.paths:
            again = repo.prove(proof.path)
            if (again.answer, again.cid) != (proof.answer, proof.cid):
                raise ProofDiffers(f"what was written does not prove {proof.path!a}")
        for proved in built.ranges:
            other = prove_range(repo, proved.keys)
            told = other.answer, other.records, other.neighbors
            if told != (proved.answer, proved.records, proved.neighbors):
                raise ProofDiffers("what was written does not prove the range")
