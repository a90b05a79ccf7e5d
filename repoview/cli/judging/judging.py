"""The options that say how a source is judged, and the checks that they ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from repoview.cli.judging.policy import POLICY_OPTIONS, own_policy, policy_of
from repoview.cli.judging.signer import DocumentFile, PublicKey, refuse_together
from repoview.cli.options.option_types import Whole
from repoview.core import limits

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from repoview.core.cid import Cid
    from repoview.core.verify.verify import Checks
    from repoview.policy_file import OwnPolicy


def reading_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give *command* the options that say how a source is judged."""
    for option in (
        click.option(
            "--frame",
            type=Whole(1, limits.MOST_BYTES),
            metavar="N",
            help="The event to open, from 1, where SOURCE has several of the event "
            "stream.",
        ),
        *POLICY_OPTIONS,
        click.option(
            "--did-doc",
            type=DocumentFile(),
            metavar="FILE",
            help="Check the signature with the key of this DID document, or of the "
            "data of the PLC directory.",
        ),
        click.option(
            "--key",
            type=PublicKey(),
            metavar="KEY",
            help="Check the signature with this key: did:key:z…, or z… alone.",
        ),
        click.option(
            "--expect",
            type=click.Choice(["repo", "slice"]),
            default="repo",
            help="What SOURCE should be: all of a repository, or a part.",
        ),
        click.option(
            "--profile",
            type=click.Choice(["default", "strict", "lenient", "mst-only"]),
            metavar="NAME",
            help="How strictly to judge: default, strict or lenient; mst-only "
            "is for a tree without a commit.",
        ),
    ):
        command = option(command)
    return command


def checks_of(
    profile: str | None = None,
    expect: str = "repo",
    key: str | None = None,
    did_doc: str | None = None,
    severity: Sequence[tuple[str, str]] = (),
    skip_list: Sequence[frozenset[Cid]] = (),
    max_findings: int | None = None,
    own: OwnPolicy | None = None,
    **more: Any,  # noqa: ANN401 (fields of Checks)
) -> Checks:
    """Return what the reading options say to check.

    Args:
        profile: As the option says, as all that follow.
        expect: Likewise.
        key: Likewise.
        did_doc: Likewise.
        severity: Likewise.
        skip_list: Likewise.
        max_findings: Likewise.
        own: What the user's own file says; None to read it.
        more: Other fields of `Checks`.
    """
    from repoview.core.findings.findings import Profile
    from repoview.core.verify.verify import Checks

    own = own_policy() if own is None else own
    strictness = Profile(profile) if profile else own.profile or Profile.DEFAULT
    refuse_together(strictness, key, did_doc)
    return Checks(
        strictness,
        "slice" if expect == "slice" else "repo",
        key=key,
        document=did_doc,
        policy=policy_of(own, severity, skip_list, max_findings),
        **more,
    )
