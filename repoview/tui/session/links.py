"""Answers about links in records: each leads to a place, or out of the repository."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from repoview.core.cid import Cid
from repoview.core.errors import CidError
from repoview.present import safe, short_cid
from repoview.tui.session.places import place_of
from repoview.tui.values.place import Place

if TYPE_CHECKING:
    from repoview.core.repo.repo import Repo
    from repoview.tui.values.structure_text import Link


class Lead(NamedTuple):
    """Where a link leads."""

    place: Place | None
    """The target; None if it is not in this repository."""

    says: str
    """Where it leads instead."""


class LinkAnswers:
    """Answers about the targets of links.

    Args:
        repo: A whole one.
    """

    def __init__(self, repo: Repo) -> None:
        self._repo = repo

    def lead(self, link: Link) -> Lead:
        """Return the target of a link."""
        if link.kind == "at":
            return self._lead_of_uri(link.target)
        if link.kind == "cid":
            return self._lead_of_cid(link)
        shown = safe(link.target, 200)
        if link.kind == "did":
            if link.target == self._did:
                return Lead(Place("overview"), "")
            return Lead(None, f"leads to {shown}, which is another account")
        return Lead(None, f"leads to {shown}, on the web: nothing is fetched from here")

    @property
    def _did(self) -> str | None:
        commit = self._repo.commit
        return None if commit is None else commit.did

    def _lead_of_uri(self, uri: str) -> Lead:
        authority, _, path = uri.removeprefix("at://").partition("/")
        path = path.partition("#")[0].rstrip("/")
        who, shown = safe(authority, 100), safe(path, 200)
        if authority != self._did:
            if not path:
                return Lead(None, f"leads to {who}, which is another account")
            text = f"leads to {who} / {shown}, which is in another repository"
            return Lead(None, text)
        if not path:
            return Lead(Place("overview"), "")
        number = self._repo.find(path)
        if number is not None:
            return Lead(Place("browse", "record", number), "")
        names = [collection.name for collection in self._repo.collections]
        if path in names:
            return Lead(Place("browse", "collection", names.index(path)), "")
        return Lead(None, f"leads to {shown}, which is not in this repository")

    def _lead_of_cid(self, link: Link) -> Lead:
        try:
            cid = Cid.parse(link.target)
        except CidError as error:
            return Lead(None, f"is no CID: {safe(str(error), 200)}")
        location = self._repo.locate_cid(cid)
        if location is not None:
            return Lead(place_of(location), "")
        if link.about:
            text = f"leads to a {link.about}, which is kept apart from the repository"
            return Lead(None, text)
        return Lead(None, f"leads to {short_cid(cid)}, which is not in this file")
