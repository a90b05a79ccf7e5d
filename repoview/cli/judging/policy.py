"""The user's policy: options, their config.toml, and the settings in force.

The command line takes precedence over config.toml, setting by setting; for
severities, code by code.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Final

import click

from repoview.cli.options.file_type import FileType, TextType
from repoview.cli.options.option_types import Refused, Whole
from repoview.core import limits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from click.shell_completion import CompletionItem

    from repoview.core.cid import Cid
    from repoview.core.findings.policy import Policy
    from repoview.core.verify.verify import Checks
    from repoview.policy_file import OwnPolicy

_HERE: Final = "command line"


class CodeSeverity(TextType[tuple[str, str]]):
    """A code, or a family of codes, and the severity that it gets."""

    name = "code=severity"

    def read(self, text: str) -> tuple[str, str]:
        """Return code and severity, or refuse what is not known."""
        from repoview.core.findings.policy import codes_of, weight_of

        name, equals, severity = text.partition("=")
        if not equals:
            raise ValueError("write it as REC005=warning, or REC=off")
        codes_of(name)
        return name, weight_of(severity)

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Offer codes with what they are about, and behind them severities."""
        from click.shell_completion import CompletionItem

        from repoview.core.findings.catalogue import CATALOGUE
        from repoview.core.findings.policy import CODES, Weight

        name, equals, _ = incomplete.partition("=")
        known = {f"{code}=": CATALOGUE[code].title for code in CODES}
        if equals:
            known = {f"{name}={weight}": "" for weight in Weight}
        wanted = incomplete.upper() if not equals else incomplete
        return [
            CompletionItem(text, help=about)
            for text, about in known.items()
            if text.startswith(wanted)
        ]


class SkipList(FileType):
    """A file with CIDs, one a line."""

    name = "file"

    def read(self, text: str) -> frozenset[Cid]:
        """Return the CIDs, or refuse a file that holds something else."""
        from repoview.policy_file import BadPolicy, read_skip_list
        from repoview.present import safe

        try:
            return read_skip_list(text)
        except BadPolicy as error:
            raise ValueError(safe(str(error), 400)) from None


class Revision(TextType[str]):
    """A revision, or that one and all later ones."""

    name = "rev"

    def read(self, text: str) -> str:
        """Return it as it is, or refuse what is none."""
        from repoview.core.verify.expected import is_rev_wanted
        from repoview.present import safe

        if not is_rev_wanted(text):
            raise ValueError(
                f"{safe(text, 60)} is no revision: it is a TID as in 3jzfcijpj2z2a, "
                "or one with a + behind it for that or a later one"
            )
        return text


POLICY_OPTIONS: Final = (
    click.option(
        "--skip-list",
        type=SkipList(),
        multiple=True,
        metavar="FILE",
        help="Leave out findings about the CIDs in FILE, one a line.",
    ),
    click.option(
        "--severity",
        type=CodeSeverity(),
        multiple=True,
        metavar="CODE=WORD",
        help="Set the severity of a code, or of a family such as REC, "
        "or turn it off; fatal findings stay fatal.",
    ),
)
"""Of every command that judges a repository; in reverse order of the help."""


def most_option(command: Callable[..., None]) -> Callable[..., None]:
    """Give *command* the option that says how many findings are kept."""
    return click.option(
        "--max-findings",
        type=Whole(1, limits.MOST_FINDINGS),
        metavar="N",
        help="How many findings of a code to list; all are counted [100].",
    )(command)


def own_policy() -> OwnPolicy:
    """Return what the user's config.toml says of policy.

    Raises:
        Refused: It says what is not known.
    """
    from repoview.folders import config_file
    from repoview.policy_file import BadPolicy, read_own_policy

    try:
        return read_own_policy(config_file(os.environ))
    except BadPolicy as error:
        raise Refused(str(error)) from None


def policy_of(
    own: OwnPolicy,
    severity: Sequence[tuple[str, str]] = (),
    skip_list: Sequence[frozenset[Cid]] = (),
    most: int | None = None,
) -> Policy:
    """Return the policy of a run: what the options say, over the user's own.

    Raises:
        click.UsageError: There are too many CIDs in all.
    """
    from repoview.core.findings.policy import Policy

    if not (severity or skip_list or most):
        return own.policy
    try:
        said = Policy(dict(severity), frozenset().union(*skip_list), most)
        return said.over(own.policy)
    except ValueError as error:
        raise click.UsageError(str(error)) from None


def policy_lines(
    own: OwnPolicy, given: dict[str, Any], checks: Checks
) -> Iterator[str]:
    """Yield what is in force, and who says so: a line each, with TABs.

    Args:
        own: What the user's file says.
        given: By the names of `Checks` and `Policy`: whether the command line
            says it.
        checks: What is in force.
    """
    from repoview.present import safe

    file = safe(own.path or "", None)
    policy = checks.policy

    def line(name: str, value: object, here: object, *, there: bool) -> str:
        by = _HERE if here else file if there else "default"
        return f"{name}\t{value}\t{by}"

    yield line(
        "profile", checks.profile, given["profile"], there=own.profile is not None
    )
    rebuild = "yes" if checks.rebuild else "no"
    is_set = given["rebuild"] is not None
    yield line("rebuild", rebuild, is_set, there=own.rebuild is not None)
    fail_on = "warning" if checks.fail_on_warning else "error"
    yield line("fail-on", fail_on, given["fail_on"], there=own.fail_on is not None)
    most = policy.most or limits.FINDINGS_A_CODE
    of_file = own.policy.most is not None
    yield line("max-findings", most, given["max_findings"], there=of_file)
    if own.policy.skipped:
        yield line(
            "skip-list", _cids(len(frozenset(own.policy.skipped))), 0, there=True
        )
    for cids in given["skip_list"]:
        yield line("skip-list", _cids(len(cids)), here=True, there=False)
    said = _codes_said(given["severity"])
    for code, weight in sorted(policy.severities.items()):
        yield line("severity", f"{code}={weight}", code in said, there=True)


def _codes_said(severity: Sequence[tuple[str, str]]) -> set[str]:
    from repoview.core.findings.policy import codes_of

    return {code for name, _ in severity for code in codes_of(name)}


def _cids(count: int) -> str:
    from repoview.present import count_text

    return count_text(count, "CID")
