"""Answers to "what am I seeing?": the page about a place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from repoview.core.errors import RepoviewError
from repoview.present import safe
from repoview.present.seeing.blocks import file_page
from repoview.present.seeing.findings import findings_page
from repoview.present.seeing.nodes import node_page, tree_page
from repoview.present.seeing.page import Page
from repoview.present.seeing.records import record_page
from repoview.present.seeing.repository import repository_page
from repoview.present.styled import Section

if TYPE_CHECKING:
    from repoview.core.repo.repo import Repo
    from repoview.tui.session import Session
    from repoview.tui.values.place import Place


class SeeingAnswers:
    """Makes the pages about places of one repository.

    Args:
        session: Of a whole one.
    """

    def __init__(self, session: Session) -> None:
        self._session = session

    def page(self, place: Place) -> Page:
        """Return the page about a place; if it cannot be read, why."""
        try:
            return self._page(self._session.repo, place)
        except RepoviewError as error:
            says = Section("It cannot be read", [safe(str(error), 400)])
            return Page("what cannot be read", [says])

    def _page(self, repo: Repo, place: Place) -> Page:
        match place.view, place.what:
            case "tree" | "diagram", "node":
                return node_page(repo, place.number)
            case "tree" | "diagram", "record":
                return record_page(repo, place.number, is_in_tree=True)
            case "tree" | "diagram", _:
                return tree_page(repo)
            case _, "record":
                return record_page(repo, place.number)
            case "blocks", _:
                return file_page(repo, place.number if place.what == "block" else None)
            case "findings", what:
                number = place.number if what == "finding" else -1
                return findings_page(repo, self._session.findings.finding(number))
            case _:
                return repository_page(repo)
