"""Open a source as the command line does, by the fields of `OpenOptions`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from repoview.core.findings.policy import Profile
from repoview.core.opening.options import OpenOptions
from repoview.core.repo.begin import begin
from repoview.core.repo.repo import finish
from repoview.core.verify.verify import Checks

if TYPE_CHECKING:
    from repoview.core.repo.repo import Repo
    from repoview.core.source.opener import Target
    from repoview.corpus import Case


def opened(target: Target, *, name: str | None = None, **options: Any) -> Repo:
    """Return the repository; read up to the limits, and without a cache."""
    return finish(begin(target, OpenOptions(on_limit="leave", **options), name=name))


def checks_of(case: Case) -> Checks:
    """Return what a case of the corpus is checked for."""
    checks = {name: each for name, each in case.options.items() if name != "budget"}
    if "profile" in checks:
        checks["profile"] = Profile(checks["profile"])
    return Checks(**checks)
