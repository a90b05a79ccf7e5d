"""What to check of a repository, and how strictly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from repoview.core.findings.policy import Policy, Profile
from repoview.core.frozen import frozen
from repoview.core.verify.expected import is_rev_wanted

if TYPE_CHECKING:
    from repoview.core.signature.documents import Signer


_NO_POLICY: Final = Policy()


@frozen
class Checks:
    """What to check, and how strictly."""

    profile: Profile = Profile.DEFAULT
    expect: Literal["repo", "slice"] = "repo"
    """Whether all blocks should be there, or missing ones are no fault."""

    did: str | None = None
    """The account that the commit must be of."""

    rebuild: bool = False
    """Build the tree again from its keys and compare."""

    fail_on_warning: bool = False
    """Let warnings count as errors for the exit code."""

    key: str | None = None
    """The key to hold the commit's signature to: a ``did:key``, or what follows
    those words."""

    document: str | None = None
    """The text of a DID document that has the key, or of the PLC directory's
    data; in place of `key`."""

    rev: str | None = None
    """The revision that the commit must have: a TID, with a ``+`` behind it for
    that one or a later one."""

    policy: Policy = _NO_POLICY
    """What the findings weigh for the reader."""

    def __post_init__(self) -> None:
        """Refuse what no commit or signature can be checked with.

        Raises:
            SigningKeyError: The text is no key, or no DID document.
            ValueError: Both are given, or the profile judges no commit; or the
                revision is none.
        """
        if self.rev is not None and not is_rev_wanted(self.rev):
            raise ValueError(f"{self.rev[:40]!a} is no revision: a revision is a TID")
        if self.key is None and self.document is None:
            return
        if self.key is not None and self.document is not None:
            raise ValueError("one of a key and a DID document is enough")
        if self.profile is Profile.MST_ONLY:
            raise ValueError("the profile mst-only judges no commit and no signature")
        signer_of(self.key, self.document)


def signer_of(key: str | None, document: str | None) -> Signer | None:
    """Return the expected signer of a commit; None if nothing was given.

    Raises:
        SigningKeyError: The text is no key, or no DID document.
    """
    if document is None and key is None:
        return None
    # Late: most verifications have no key.
    from repoview.core.signature.documents import Signer, read_document  # noqa: PLC0415
    from repoview.core.signature.keys import read_key  # noqa: PLC0415

    if document is not None:
        return read_document(document)
    assert key is not None  # noqa: S101 (one of the two is given)
    return Signer(None, read_key(key))
