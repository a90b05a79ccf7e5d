"""Compare a commit with what the caller expects: its account, its revision."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from repoview.core.findings.findings import finding
from repoview.core.formats import syntax

if TYPE_CHECKING:
    from collections.abc import Iterator

    from repoview.core.findings.findings import Finding, Place
    from repoview.core.formats.commit import Commit

_OR_LATER: Final = "+"


def is_rev_wanted(text: str) -> bool:
    """Tell whether *text* says a revision: a TID, or one with a ``+`` behind it."""
    return syntax.is_tid(text.removesuffix(_OR_LATER))


def judge_expected(
    commit: Commit, did: str | None, rev: str | None
) -> Iterator[Finding]:
    """Yield how a commit differs from what was expected.

    Args:
        commit: The commit.
        did: The account that it must be of; None for any.
        rev: The revision that it must have, see `is_rev_wanted`; None for any.
    """
    place: Place = {"offset": commit.offset, "cid": commit.cid}
    if did is not None and commit.did != did:
        text = f"the commit is of {commit.did!a}, not of {did!a}"
        yield finding("COM015", text, at=place, expected=did, found=commit.did)
    if rev is None or _is_rev(commit.rev, rev):
        return
    what = "has no revision" if commit.rev is None else f"is of revision {commit.rev!a}"
    wanted = rev.removesuffix(_OR_LATER)
    later = " or a later one" if rev != wanted else ""
    text = f"the commit {what}, not of {wanted}{later}"
    yield finding("COM018", text, at=place, expected=rev, found=commit.rev)


def _is_rev(rev: str | None, wanted: str) -> bool:
    """Tell whether a revision is the one that is wanted, or late enough."""
    if not wanted.endswith(_OR_LATER):
        return rev == wanted
    # TIDs are made to be in order as texts; other texts are in none.
    least = wanted.removesuffix(_OR_LATER)
    return rev is not None and syntax.is_tid(rev) and rev >= least
