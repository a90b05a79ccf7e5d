"""The two sides of a comparison: each is opened as what it is, and named."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from repoview.cli.reading import STANDARD_INPUT, target_of
from repoview.cli.words import tree_fault
from repoview.core import limits
from repoview.core.errors import NotFound
from repoview.core.findings.findings import Profile
from repoview.core.repo.begin import begin
from repoview.core.repo.inside import inside
from repoview.core.repo.repo import finish
from repoview.core.verify.report import EXIT_CODES, Verdict

if TYPE_CHECKING:
    from contextlib import ExitStack

    from repoview.cli.options.options import Run
    from repoview.core.repo.repo import Repo
    from repoview.core.verify.verify import Checks

_LEAST_MEMORY = 16 * limits.MiB
_BAD = frozenset({EXIT_CODES[Verdict.INVALID], EXIT_CODES[Verdict.UNREADABLE]})


def open_sides(
    run: Run, stack: ExitStack, sources: tuple[str, str], checks: Checks
) -> tuple[Repo, Repo]:
    """Open two sources, each in half of the memory; *stack* closes them.

    A CAR whose root is a node is a tree without a commit, unless a profile was
    asked for that says otherwise. Whatever is wrong with a tree is said, and is
    the exit code of the run; that blocks are missing is left to the comparison.

    Raises:
        NotFound: One of them has no tree; the exit code says why.
        Refused: It has several events.
        SourceError: It cannot be read.
    """
    run.mem_limit = max(run.mem_limit // 2, _LEAST_MEMORY)
    first, second = (_open(run, stack, source, checks) for source in sources)
    return first, second


def _open(run: Run, stack: ExitStack, source: str, checks: Checks) -> Repo:
    repo = stack.enter_context(_load(run, source, checks))
    run.refuse_events(source, repo)
    if _is_bare(repo) and _may_be_bare(checks) and source != STANDARD_INPUT:
        bare = replace(checks, profile=Profile.MST_ONLY)
        repo = stack.enter_context(_load(run, source, bare))
    code = repo.report.exit_code
    if code in _BAD:
        run.exit_code = max(run.exit_code, code)
    if not len(repo.tree):
        run.exit_code = max(run.exit_code, code)
        raise NotFound(f"there is no tree to compare: {tree_fault(repo)}")
    if code in _BAD:
        run.parting.append(tree_fault(repo))
    return repo


def _load(run: Run, source: str, checks: Checks) -> Repo:
    with run.bar() as bar:
        repo = finish(begin(target_of(source), run.options(checks), name=source), bar)
        inside(repo).keep(bar)
    return repo


def _is_bare(repo: Repo) -> bool:
    """Tell whether the root is the top node, and there is no commit."""
    header = inside(repo).loaded.header
    if repo.commit is not None or header is None or not len(repo.tree):
        return False
    return header.roots[:1] == (repo.tree.top,)


def _may_be_bare(checks: Checks) -> bool:
    """Tell whether nothing was asked for that only a commit can answer."""
    is_signed = checks.key is not None or checks.document is not None
    return checks.profile is Profile.DEFAULT and not is_signed


def whose(repo: Repo) -> str:
    """Return the account and revision of a side, or what it is instead."""
    commit = repo.commit
    if commit is None:
        return "a tree without a commit"
    return f"{commit.did or 'no account'} {commit.rev or 'without a revision'}"
