"""Answers about selections that are typed: whether they are any, and what fits.

Answers are values whose text is safe to show.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from repoview.core.errors import Cancelled, SelectionError
from repoview.core.frozen import frozen
from repoview.core.index.ordering import packed
from repoview.core.selection.completing import completions, half_typed
from repoview.core.selection.parsing import parse
from repoview.core.selection.terms import And, Term, values_of
from repoview.present import safe

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from repoview.core.load.result import Progress
    from repoview.core.repo.partial import Partial
    from repoview.core.repo.repo import Repo

_SLOW: Final = ("text", "created", "where")
"""Fields that read records, which takes a whole repository."""


@frozen
class Judged:
    """What is known of a text without a look at the repository."""

    says: str = ""
    """Why it is no selection, and what would fit; empty if it is one."""

    position: int = 0
    """The character that is wrong."""

    words: tuple[str, ...] = ()
    """What paths have to contain."""

    reads: bool = False
    """Whether records have to be read."""

    head: str | None = None
    """Of a text that is no selection, what stands before its last word, if that is
    one."""

    is_half: bool = False
    """Whether its last word may be the beginning of a name."""


@frozen
class Fit:
    """A completion, ready to be shown."""

    text: str
    facts: str
    whole: str
    """The selection with it."""


def judge(text: str) -> Judged:
    """Return whether a text is a selection, or why not."""
    try:
        selection = parse(text)
    except SelectionError as error:
        return Judged(safe(error.fact, 200), error.position, head=_head(text))
    parts = selection.of if isinstance(selection, And) else (selection,)
    words = tuple(
        part.value.first
        for part in parts
        if isinstance(part, Term) and part.field == "path"
    )
    reads = any(values_of(selection, field) for field in _SLOW)
    is_half = half_typed(text) is not None
    return Judged(words=words, reads=reads, is_half=is_half)


def _head(text: str) -> str | None:
    head = " ".join(text.split()[:-1])
    try:
        parse(head)
    except SelectionError:
        return None
    return head


def chosen(
    repo: Repo | Partial,
    text: str,
    among: Sequence[int],
    note: Callable[[Progress], None] | None = None,
    *,
    is_typing: bool = False,
) -> Sequence[int]:
    """Return the numbers of the records that a selection has.

    While its last term is half typed and has none, those without that term.

    Args:
        repo: Where they are.
        text: A selection.
        among: The numbers to look at, ascending.
        note: Called with progress; what it raises ends it.
        is_typing: Whether more may be typed.

    Raises:
        SelectionError: It is none.
    """
    found = _numbers(repo, text, among, note)
    if len(found) or not is_typing:
        return found
    head = half_typed(text)
    if head is None:
        return found
    try:
        return _numbers(repo, head, among, note)
    except SelectionError:
        # Without it nothing is left behind an "or".
        return among


def noting(
    is_wanted: Callable[[], bool], tell: Callable[[float], None]
) -> Callable[[Progress], None]:
    """Return what a search calls, in its thread, with its progress.

    Args:
        is_wanted: Returns whether it should go on.
        tell: Called with the share that is done, from 0 to 1.
    """

    def note(progress: Progress) -> None:
        tell(progress.done / max(progress.total, 1))
        if not is_wanted():
            raise Cancelled("another list is wanted")

    return note


def _numbers(
    repo: Repo | Partial,
    text: str,
    among: Sequence[int],
    note: Callable[[Progress], None] | None,
) -> Sequence[int]:
    found = repo.select(text, among=among, report=note).numbers
    return found if isinstance(found, range) else packed(found)


class SelectingAnswers:
    """Answers about what can be typed of one repository.

    Args:
        repo: A whole one.
    """

    def __init__(self, repo: Repo) -> None:
        self._names = [each.name for each in repo.collections[:1_000]]
        found = (each.code for each in repo.report.findings if each.path is not None)
        self._codes = sorted(set(found))

    def fits(self, text: str) -> list[Fit]:
        """Return how a selection may go on at its end."""
        return [
            Fit(safe(each.text, 120), each.facts, text[: each.start] + each.text)
            for each in completions(text, self._names, self._codes)
        ]
