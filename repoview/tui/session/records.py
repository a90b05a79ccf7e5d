"""Answers about records: rows for lists, and filtering by path.

They work for a repository that is still being read, too.
"""

from __future__ import annotations

from functools import lru_cache, partial
from typing import TYPE_CHECKING, Final

from repoview.core.errors import RepoviewError
from repoview.core.formats.syntax import read_at_uri
from repoview.present import safe, size_text, summary, tid_date
from repoview.tui.session.detail import detail_or_why, record_detail
from repoview.tui.values.rows import CollectionRow, RecordRow

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from repoview.core.formats.dagcbor.strict import Value
    from repoview.core.load.result import Progress
    from repoview.core.repo.partial import Partial
    from repoview.core.repo.repo import Repo
    from repoview.tui.session.detail import Detail

DECODED: Final = 256 * 1024
"""Bytes up to which a record is decoded for the summary in its row; a larger one
would delay the keys."""


class RecordAnswers:
    """Answers about the records of one repository.

    Args:
        repo: A whole one, or one that is still being read.
    """

    def __init__(self, repo: Repo | Partial) -> None:
        self._repo = repo
        self.row = lru_cache(maxsize=512)(self._row)

    def __len__(self) -> int:
        return len(self._repo)

    def collections(self) -> list[CollectionRow]:
        """Return the collections, in key order."""
        return [
            CollectionRow(
                safe(c.name, 120) or "(no collection)", c.count, size_text(c.bytes)
            )
            for c in self._repo.collections
        ]

    def numbers(self, collection: int | None) -> Sequence[int]:
        """Return the numbers of the records of a collection, or of all."""
        if collection is None:
            return range(len(self._repo))
        ranges = self._repo.collections[collection].ranges
        if len(ranges) == 1:
            return ranges[0]
        return [number for each in ranges for number in each]

    def filtered(
        self,
        collection: int | None,
        selection: str,
        note: Callable[[Progress], None] | None = None,
        *,
        is_typing: bool = False,
    ) -> Sequence[int]:
        """Return those of `numbers` that a selection has; see `chosen`."""
        numbers = self.numbers(collection)
        if not selection:
            return numbers
        from repoview.tui.session.selecting import chosen

        return chosen(self._repo, selection, numbers, note, is_typing=is_typing)

    def collection_of(self, number: int) -> int | None:
        """Return the number of the collection that a record is in."""
        for place, collection in enumerate(self._repo.collections):
            if any(number in each for each in collection.ranges):
                return place
        return None

    def path(self, number: int) -> str:
        """Return the repo path of a record."""
        return safe(self._repo.record(number).path, 400)

    def find(self, path: str) -> int | None:
        """Return the number of the record at a repo path, None for none."""
        return self._repo.find(path)

    def detail(self, number: int) -> Detail:
        """Return one record, as far as it can be shown."""
        make = partial(record_detail, self._repo, number)
        return detail_or_why("record", number, make)

    def _row(self, number: int) -> RecordRow:
        record = self._repo.record(number)
        size = record.size
        text = {"missing": "its block is not in the file"}.get(record.state, "")
        if not text and size is not None:
            text = "" if size > DECODED else self._summary(number)
        return RecordRow(
            safe(record.collection, 120),
            safe(record.rkey, 80),
            tid_date(record.rkey) or "",
            "" if size is None else size_text(size),
            text,
            record.state,
        )

    def _summary(self, number: int) -> str:
        try:
            return summary(self._repo.record(number).decoded, look_up=self._look_up)
        except RepoviewError as error:
            return safe(str(error), 120)

    def _look_up(self, uri: str) -> Value:
        """Return the record at an AT URI, if it is here and small."""
        parts, commit = read_at_uri(uri), self._repo.commit
        if parts is None or commit is None or parts.authority != commit.did:
            return None
        record = self._repo.get(parts.path)
        if record is None or (record.size or DECODED) >= DECODED:
            return None
        try:
            return record.decoded
        except RepoviewError:
            return None
