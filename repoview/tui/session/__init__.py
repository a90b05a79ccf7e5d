"""The session: the only interface between the screens and a repository.

Answers the questions of screens and widgets with values whose text is safe to
show. No widget uses the engine, and all text that reaches one comes from here.
There is a module for each kind of question, imported at its first use, so that
the first screen is shown sooner.
"""

from __future__ import annotations

import os
from functools import cached_property
from typing import TYPE_CHECKING

from repoview.core.repo.inside import inside
from repoview.core.repo.records import source_of
from repoview.core.repo.repo import Repo
from repoview.core.verify.shape import FileShape
from repoview.present import (
    completeness_text,
    meaning_text,
    policy_text,
    safe,
    shape_text,
    tid_date,
    told_counts,
    verdict_word,
    waste_text,
)
from repoview.tui.session.records import RecordAnswers
from repoview.tui.values.place import Place

if TYPE_CHECKING:
    from repoview.core.repo.partial import Partial
    from repoview.tui.remembered.state import AccountKey
    from repoview.tui.session.blocks import BlockAnswers
    from repoview.tui.session.events import EventAnswers
    from repoview.tui.session.findings import FindingAnswers
    from repoview.tui.session.links import LinkAnswers
    from repoview.tui.session.overview import OverviewAnswers
    from repoview.tui.session.places import PlaceAnswers
    from repoview.tui.session.proof_paths import ProofAnswers
    from repoview.tui.session.search import SearchAnswers
    from repoview.tui.session.seeing import SeeingAnswers
    from repoview.tui.session.selecting import SelectingAnswers
    from repoview.tui.session.signature import Given, SignatureAnswers
    from repoview.tui.session.spots import SpotAnswers
    from repoview.tui.session.steps import StepAnswers
    from repoview.tui.session.tree import TreeAnswers
    from repoview.tui.session.writing.export import ExportAnswers


class Session:
    """The questions that screens may ask about one repository.

    Args:
        repo: A whole one, or one that is still being read. Then only `records`
            and `account` can be used, and only in the thread that reads it
            (as `Visit.ask` does).
    """

    def __init__(self, repo: Repo | Partial) -> None:
        self._repo = repo
        self.records = RecordAnswers(repo)

    @property
    def repo(self) -> Repo:
        """The whole repository."""
        assert isinstance(self._repo, Repo)  # noqa: S101 (the caller knows that it is whole)
        return self._repo

    @property
    def is_whole(self) -> bool:
        """Whether all of it was read and verified."""
        return isinstance(self._repo, Repo)

    def close(self) -> None:
        """Close the source."""
        self._repo.close()

    @cached_property
    def tree(self) -> TreeAnswers:
        """Answers about the tree."""
        from repoview.tui.session.tree import TreeAnswers

        return TreeAnswers(self.repo)

    @cached_property
    def blocks(self) -> BlockAnswers:
        """Answers about the blocks of the file."""
        from repoview.tui.session.blocks import BlockAnswers

        return BlockAnswers(self.repo)

    @cached_property
    def findings(self) -> FindingAnswers:
        """Answers about findings."""
        from repoview.tui.session.findings import FindingAnswers

        return FindingAnswers(self.repo)

    @cached_property
    def export(self) -> ExportAnswers:
        """Answers about exports."""
        from repoview.tui.session.writing.export import ExportAnswers

        return ExportAnswers(self.repo)

    @cached_property
    def spots(self) -> SpotAnswers:
        """Answers about places in their persistent form."""
        from repoview.tui.session.spots import SpotAnswers

        return SpotAnswers(self.repo)

    @cached_property
    def selecting(self) -> SelectingAnswers:
        """Answers about selections that are typed."""
        from repoview.tui.session.selecting import SelectingAnswers

        return SelectingAnswers(self.repo)

    @cached_property
    def seeing(self) -> SeeingAnswers:
        """Answers to what a place is."""
        from repoview.tui.session.seeing import SeeingAnswers

        return SeeingAnswers(self)

    @cached_property
    def steps(self) -> StepAnswers:
        """Answers about the steps of a walk, a look-up, a diff, a proof, a stream."""
        from repoview.tui.session.steps import StepAnswers

        return StepAnswers(self.repo)

    @cached_property
    def search(self) -> SearchAnswers:
        """Answers about the contents of records, and their sort order."""
        from repoview.tui.session.search import SearchAnswers

        return SearchAnswers(self.repo)

    @cached_property
    def links(self) -> LinkAnswers:
        """Answers about the targets of links."""
        from repoview.tui.session.links import LinkAnswers

        return LinkAnswers(self.repo)

    @cached_property
    def proofs(self) -> ProofAnswers:
        """Answers about proof paths."""
        from repoview.tui.session.proof_paths import ProofAnswers

        return ProofAnswers(self.repo, self.signature)

    @cached_property
    def overview(self) -> OverviewAnswers:
        """Answers about the repository as a whole."""
        from repoview.tui.session.overview import OverviewAnswers

        return OverviewAnswers(self.repo, self.signature)

    @cached_property
    def signature(self) -> SignatureAnswers:
        """Answers about the signature."""
        from repoview.tui.session.signature import SignatureAnswers

        return SignatureAnswers(self.repo)

    def check_signature(self, given: Given | None) -> None:
        """Check the signature with another key, or without one; update all answers.

        Raises:
            SigningKeyError: It is no key, or no document.
            SourceError: The commit cannot be read any more.
        """
        self.signature.check(given)
        # It caches the findings.
        vars(self).pop("findings", None)

    def recall_key(self, key: AccountKey) -> None:
        """Check the signature with a stored key, unless one was given.

        Raises:
            SourceError: The commit cannot be read any more.
        """
        from repoview.tui.session.signature import Given

        self.signature.recall(Given(key.text, "", key.whence, is_remembered=True))

    @cached_property
    def event(self) -> EventAnswers | None:
        """Answers about the event that this stands in; None for none."""
        frame = self.repo.frame
        if frame is None:
            return None
        from repoview.tui.session.events import EventAnswers

        return EventAnswers(self.repo, frame)

    def known(self) -> list[tuple[str, str]]:
        """Return the facts in the commit, which are known before all is read."""
        from repoview.tui.session.overview import commit_facts

        return commit_facts(self._repo)

    @cached_property
    def places(self) -> PlaceAnswers:
        """Answers about places, and what the user types to go to one."""
        from repoview.tui.session.places import PlaceAnswers

        return PlaceAnswers(self.repo)

    def verdict(self) -> tuple[str, str, str]:
        """Return the verdict's word, its meaning, and its completeness.

        With the last comes what the user's policy changed, if anything.
        """
        report = self.repo.report
        told = ". ".join(filter(None, (completeness_text(report), policy_text(report))))
        return verdict_word(report), meaning_text(report), told

    def shaped(self) -> str:
        """Return what part of a repository the file is; "" for a whole one."""
        report = self.repo.report
        is_told = report.shape.is_part or report.shape is FileShape.SEVERAL
        return shape_text(report) if is_told else ""

    def opens_at(self) -> Place | None:
        """Return the place that the file is about, None for none.

        Of a proof that is its record, or the last node on the way to where one
        would be; of blocks without a root, these.
        """
        repo, report = self.repo, self.repo.report
        if report.shape is FileShape.BLOCKS:
            return Place("blocks")
        if report.shape is not FileShape.PROOF:
            return None
        if report.proves is not None:
            number = repo.find(report.proves)
            return None if number is None else Place("browse", "record", number)
        holes = inside(repo).nodes.holes
        there = (n for n in reversed(range(len(repo.tree))) if holes.get(n) is None)
        number = next(there, None)
        return None if number is None else Place("tree", "node", number)

    def counted(self) -> dict[str, int]:
        """Return the number of findings by severity; all that a part lacks is one."""
        return told_counts(self.repo.report)

    def signed(self) -> str:
        """Return the outcome of checking the signature; "" without a commit."""
        return self.signature.text()

    def wasted(self) -> str:
        """Return how much of the file is wasted; "" where it is little."""
        return waste_text(self.repo.report)

    def remark(self) -> str:
        """Return a remark that the verdict comes from the cache; "" if not."""
        if not self.repo.from_cache:
            return ""
        return (
            "So it was when the file was last read; the cache knows it from there, "
            "and repoview verify proves it again."
        )

    def account(self) -> str:
        """Return DID, rev and date of the commit."""
        commit = self._repo.commit
        if commit is None:
            return "no commit"
        did = safe(commit.did or "no DID", 80)
        if commit.rev is None:
            return f"{did} · no rev"
        date = tid_date(commit.rev)
        when = f" ({date})" if date else ""
        return f"{did} · rev {safe(commit.rev, 40)}{when}"

    def did(self) -> str | None:
        """Return the DID of the account, unescaped; None for none."""
        commit = self._repo.commit
        return None if commit is None else commit.did

    def is_changed(self) -> bool:
        """Return whether the file at the path has changed since it was opened.

        Also if another file was renamed over it, which leaves the open one as
        it was.
        """
        source = source_of(self._repo)
        if source.path is None or source.handle is None:
            return source.changed()
        try:
            status = os.stat(source.path)  # noqa: PTH116 (the path may be one that Path refuses)
        except (OSError, ValueError):
            # There is no other file to be read in its place.
            return source.changed()
        is_other = (status.st_dev, status.st_ino) != source.handle[1:]
        return is_other or source.changed()
