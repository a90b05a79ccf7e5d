"""Answers about the contents of records, and their sort order.

A full-text search runs in a thread, and its progress is polled.
"""

from __future__ import annotations

import threading
from array import array
from contextlib import suppress
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from repoview.core.errors import RepoviewError
from repoview.core.index.text_search import byte_of, match_in
from repoview.core.repo.inside import inside
from repoview.present import safe
from repoview.tui.values.rows import Hit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from repoview.core.repo.repo import By, Repo

DECODED: Final = 256 * 1024
"""Bytes up to which a record is decoded for an excerpt; a larger one would delay
the keys."""

_BEFORE: Final = 24
"""Characters that are shown before a match."""

_BEHIND: Final = 200


class Search:
    """One full-text search.

    `run` is called in a thread; the screen polls the counters.

    Args:
        repo: A whole one.
        text: What to search for.
        numbers: Of the records to search.
    """

    def __init__(self, repo: Repo, text: str, numbers: Sequence[int]) -> None:
        self.text = text
        self.total = len(numbers)
        self.done = 0
        """Records that were searched."""
        self.found = array("I")
        """Numbers of the records that contain the text; append-only."""
        self.error: str | None = None
        """Why it failed, as a sentence."""
        self.hit = lru_cache(maxsize=256)(self._hit)
        self._repo = repo
        self._numbers = numbers
        self._stop = threading.Event()
        self._over = threading.Event()

    @property
    def is_over(self) -> bool:
        """Whether the search has ended."""
        return self._over.is_set()

    @property
    def is_whole(self) -> bool:
        """Whether all records were searched."""
        return self.is_over and self.done == self.total

    def run(self) -> None:
        """Search the records, until all are done or it is cancelled."""
        try:
            for step in self._repo.containing(self.text, self._numbers):
                self.found.extend(step.numbers)
                self.done = step.done
                if self._stop.is_set():
                    break
        except RepoviewError as error:
            self.error = safe(str(error), 400)
        finally:
            self._over.set()

    def stop(self) -> None:
        """Cancel the search; the thread ends within some 10 ms."""
        self._stop.set()

    def _hit(self, place: int) -> Hit:
        """Return one result, with its first match."""
        record = self._repo.record(self.found[place])
        collection, rkey = safe(record.collection, 120), safe(record.rkey, 80)
        match = None
        if (record.size or 0) <= DECODED:
            with suppress(RepoviewError):
                match = match_in(record.decoded, self.text)
        if match is None:
            return Hit(record.number, collection, rkey, "", "", "", "a large record")
        text, start, stop = match.text, match.start, match.stop
        first = max(0, start - _BEFORE)
        before = text[first:start]
        if first:
            before = "…" + before[1:]
        return Hit(
            record.number,
            collection,
            rkey,
            safe(match.path, 60),
            safe(" ".join(before.split("\n")), None),
            safe(" ".join(text[start:stop].split("\n")), 200),
            safe(" ".join(text[stop : stop + _BEHIND].split("\n")), _BEHIND),
        )


class SearchAnswers:
    """Answers about contents and sort order of the records of one repository.

    Args:
        repo: A whole one.
    """

    def __init__(self, repo: Repo) -> None:
        self._repo = repo

    def begin(self, text: str, numbers: Sequence[int]) -> Search:
        """Return a search, which is not running yet."""
        return Search(self._repo, text, numbers)

    @staticmethod
    def byte_in(data: bytes, text: str) -> int | None:
        """Return the byte of the first match in a record, None for none."""
        return byte_of(data, text)

    def ordered(
        self,
        numbers: Sequence[int],
        by: By,
        reverse: bool,  # noqa: FBT001 (fields of an order)
    ) -> Sequence[int]:
        """Return records sorted by date, size or offset."""
        return self._repo.ordered(numbers, by, reverse=reverse)

    def hold_paths(self) -> None:
        """Load what makes filtering by path fast; in a thread."""
        inside(self._repo).paths.hold()

    def drop_paths(self) -> None:
        """Free the memory that `hold_paths` took."""
        inside(self._repo).paths.drop()
