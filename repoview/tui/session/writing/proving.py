"""The file that proves one record to whoever has nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from repoview.core.proof.parts import build_parts
from repoview.export.proved.proving import write_proof
from repoview.present import count_text, safe, size_text
from repoview.tui.session.writing.writing import (
    LINE,
    WriteJob,
    proposed_name,
    refusal_of,
)

if TYPE_CHECKING:
    from pathlib import Path

    from repoview.core.repo.repo import Repo


class ProofFile:
    """A proof of one record, and the writing of it.

    Args:
        repo: The repository.
        number: Of the record.
    """

    def __init__(self, repo: Repo, number: int) -> None:
        self._repo = repo
        self._record = repo.record(number)

    @property
    def title(self) -> str:
        """What is written; safe to show."""
        return safe(f"Write a proof of {self._record.path}", 120)

    def proposed(self) -> str:
        """Return a name for a new file in the current folder."""
        return proposed_name(self._repo.name, f"proof-{self._record.rkey}", ".car")

    def refusal(self, text: str) -> str:
        """Return why the file that was typed cannot be written; see `refusal_of`."""
        return refusal_of(self._repo.name, text)

    def job(self, path: Path, *, force: bool) -> WriteJob:
        """Return the job that writes it."""
        return WriteJob(path, 1, force=force)

    def write(self, job: WriteJob) -> None:
        """Run a job; in a thread. Errors of the job are kept in it."""
        job.run(lambda: self._write(job))

    def _write(self, job: WriteJob) -> str:
        built = build_parts(self._repo, [self._record.key])
        written = write_proof(built, job.path, job.note, force=job.force)
        size = f"{count_text(written.blocks, 'block')}, {size_text(written.size)}"
        path = self._record.path
        return safe(f"wrote {job.path.absolute()}: {size}, a proof of {path}", 2 * LINE)
