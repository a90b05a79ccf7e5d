"""A copy of a small repository, to be changed in the sandbox."""

from __future__ import annotations

from typing import TYPE_CHECKING

from repoview.core.errors import NotFound
from repoview.core.formats.syntax import is_tid
from repoview.learn.world import MOST_KEYS, REV, World
from repoview.present import count_text

if TYPE_CHECKING:
    from repoview.core.repo.repo import Repo


class NoCopy(NotFound):
    """A repository that the sandbox does not take; its text says why."""


def copy_of(repo: Repo) -> World:
    """Return a copy in memory, with the same records under the same keys.

    Raises:
        NoCopy: It is too large, or not wholly there.
    """
    if len(repo) > MOST_KEYS:
        count = count_text(len(repo), "record")
        raise NoCopy(f"the sandbox takes {MOST_KEYS:,} records, and this has {count}")
    commit = repo.commit
    if commit is None or not commit.did or not repo.report.complete:
        raise NoCopy("the sandbox takes whole repositories, and this is none")
    records = {}
    for record in repo:
        if record.state != "sound" or not record.cid.is_plain:
            raise NoCopy("the sandbox takes sound records, and some of these are not")
        records[record.path] = record.data
    rev = commit.rev if commit.rev is not None and is_tid(commit.rev) else REV
    copy = World(records, commit.did, rev)
    if copy.top != commit.data:
        raise NoCopy("the tree is not the one that its keys give")
    return copy
