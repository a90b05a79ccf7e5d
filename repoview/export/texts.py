"""Records as their JSON text, one by one: what most formats are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from repoview.core.load.result import Progress
from repoview.core.repo.inside import inside
from repoview.export.json_records import json_batches
from repoview.export.style import PLAIN, Style

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from repoview.core.repo.repo import Repo
    from repoview.export.formats import Written


class RecordText(NamedTuple):
    """One record."""

    key: bytes
    """The repo path as the tree has it."""

    path: str
    uri: str
    cid: str
    text: str
    """Its value in the JSON of the atproto data model, on one line."""

    @property
    def names(self) -> tuple[str, str]:
        """Collection and record key; the first is empty where there is no slash."""
        collection, slash, rkey = self.path.partition("/")
        return (collection, rkey) if slash else ("", collection)


def record_texts(
    repo: Repo,
    numbers: Sequence[int],
    report: Callable[[Progress], None],
    written: Written,
    style: Style = PLAIN,
    stage: str = "export",
) -> Iterator[RecordText]:
    """Yield the text of each record that is there.

    Args:
        repo: Where they are.
        numbers: Of the records.
        report: Called with progress; what it raises ends it.
        written: Counts what is yielded, and what is lost.
        style: How values are written.
        stage: What the progress is called.

    Raises:
        SourceError: The source was changed.
    """
    did = inside(repo).holdings.did
    lead = "" if did is None else f"at://{did}/"

    def note(progress: Progress) -> None:
        report(Progress(stage, progress.done, progress.total, progress.blocks))

    for batch in json_batches(repo, numbers, note, written):
        columns = zip(batch.keys, batch.paths, batch.cids, batch.values, strict=True)
        for key, path, cid, value in columns:
            text = style.apply(value) if style.big_as_text else value
            yield RecordText(key, path, lead + path, cid, text)
