"""Answers about the signature: the outcome of checking it, and with which key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from repoview.core.errors import SigningKeyError
from repoview.core.findings.findings import Profile
from repoview.core.frozen import frozen
from repoview.core.repo.inside import inside
from repoview.present import message_text, safe, signature_text

if TYPE_CHECKING:
    from repoview.core.repo.repo import Repo

_SHOWN: Final = 200
"""Characters of the name of a file that are shown."""

_WORDS: Final = {
    "verified": "Verified",
    "failed": "Wrong",
    "not-checked": "Not checked",
}

_ANOTHERS: Final = "SIG006"
"""Says that a document is of another account than the commit."""


@frozen
class Given:
    """What to check a signature with: a key, or a document that should have one."""

    key: str = ""
    """A ``did:key``; empty if the document has none."""

    document: str = ""
    """The text of a DID document; empty if a key was given."""

    whence: str = ""
    """The name of the file that it was read from; empty if it was typed."""

    is_remembered: bool = False
    """Whether it was stored in an earlier visit."""


class SignatureAnswers:
    """Answers about the signature of one repository.

    Args:
        repo: A whole one.
    """

    def __init__(self, repo: Repo) -> None:
        self._repo = repo
        self.given = _given_at_opening(repo)
        """What it was checked with; None for nothing."""

    @property
    def refusal(self) -> str:
        """Why there is nothing to check, as a sentence; empty if there is."""
        if self._repo.commit is None:
            return "There is no commit here, and so no signature."
        if inside(self._repo).checks.profile is Profile.MST_ONLY:
            return "With --profile mst-only no commit is judged, and no signature."
        return ""

    def check(self, given: Given | None) -> None:
        """Check the signature with another key, or without one; update the report.

        Raises:
            SigningKeyError: It is no key, or no document.
            SourceError: The commit cannot be read any more.
        """
        key = document = None
        if given is not None:
            key = None if given.document else given.key
            document = given.document or None
        report = self._repo.check_signature(key, document=document).report
        inside(self._repo).take(report)
        self.given = given

    def recall(self, given: Given) -> None:
        """Check the signature with a stored key, unless one was given.

        A stored key that is damaged is ignored.

        Raises:
            SourceError: The commit cannot be read any more.
        """
        if self.given is None and not self.refusal:
            try:
                self.check(given)
            except SigningKeyError:
                self.given = None

    @property
    def is_verified(self) -> bool:
        """Whether it holds."""
        return self._repo.report.signature == "verified"

    @property
    def is_of_another(self) -> bool:
        """Whether the document is of another account than the commit."""
        return any(found.code == _ANOTHERS for found in self._repo.report.findings)

    def text(self) -> str:
        """Return the outcome: "signature verified"; "" without a commit."""
        text = signature_text(self._repo.report)
        if text and self.given is not None and self.given.is_remembered:
            text += ", by a remembered key"
        return text

    def explained(self) -> str:
        """Return the outcome and the reasons, in sentences; "" without a commit."""
        if self._repo.commit is None:
            return ""
        found = [
            message_text(each)
            for each in self._repo.report.findings
            if each.code.startswith("SIG")
        ]
        if not found and self._repo.commit.sig is None:
            found = ["the commit has no signature"]
        if not found:
            found = ["nobody was named who should have signed the commit"]
        word = _WORDS[self._repo.report.signature]
        return f"{word}: {'; '.join(found)}. {self._origin()}".rstrip()

    def _origin(self) -> str:
        """Return where the key comes from, as a sentence."""
        given = self.given
        if given is None:
            return ""
        whence = f"from {safe(given.whence, _SHOWN)}" if given.whence else ""
        if given.is_remembered:
            of = f", {whence}," if whence else ""
            return f"The key{of} is remembered of an earlier file of this account."
        return f"The key is {whence}." if whence else ""


def _given_at_opening(repo: Repo) -> Given | None:
    """Return what the signature was checked with when the source was opened."""
    checks = inside(repo).checks
    if checks.key is None and checks.document is None:
        return None
    # Late, as the readers of keys are.
    from repoview.core.signature.documents import read_document
    from repoview.core.signature.keys import read_key

    if checks.document is None:
        return Given(read_key(checks.key or "").text)
    key = read_document(checks.document).key
    return Given("" if key is None else key.text, checks.document, "the DID document")
