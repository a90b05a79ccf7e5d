"""Messages of more than one command."""

from __future__ import annotations

from typing import TYPE_CHECKING

from repoview.core.errors import NotFound
from repoview.core.findings.findings import Severity
from repoview.core.verify.report import Verdict
from repoview.present import (
    count_text,
    end_text,
    meaning_text,
    missing_text,
    part_text,
    safe,
)

if TYPE_CHECKING:
    from repoview.core.repo.repo import Repo

_HINTS = 3
"""Records suggested in place of one that is not there."""


def tree_fault(repo: Repo) -> str:
    """Say that the tree behind an answer cannot be relied on, and why."""
    report = repo.report
    for found in report.findings:
        if found.severity is Severity.FATAL:
            part = part_text(report)
            why = f"{found.message}; {part}" if part else found.message
            return f"{repo.name} is unreadable: {why}"
        if found.code == "LIM001":
            return f"{repo.name} was read in part: {found.message}"
    if report.verdict is Verdict.INCOMPLETE and (part := part_text(report)):
        return f"{repo.name} is incomplete: {part}; {missing_text(report)}"
    if report.verdict is Verdict.INCOMPLETE:
        why = missing_text(report) or meaning_text(report)
        ended = end_text(report)
        return f"{repo.name} is incomplete: {why}" + (f"; {ended}" if ended else "")
    said = f"{report.verdict.value}: {meaning_text(report)}"
    return f"{repo.name} is {said} (see repoview verify)"


def path_in(repo: Repo, text: str) -> str:
    """Return the repo path that *text* is, which may be an AT URI of this repo.

    Raises:
        NotFound: It is the URI of another account.
    """
    if not text.startswith("at://"):
        return text
    authority, _, path = text.removeprefix("at://").partition("/")
    did = None if repo.commit is None else repo.commit.did
    if authority != did:
        whose = "no known account" if did is None else did
        raise NotFound(f"{text} is of {authority}: this repository is of {whose}")
    return path


def no_record(repo: Repo, path: str) -> NotFound:
    """Return the error for a path that no record has, with the likely ones."""
    shown = safe(path, 200)
    for collection in repo.collections:
        if collection.name == path.rstrip("/") and collection.name:
            example = repo.record(collection.start).path
            count = count_text(collection.count, "record")
            return NotFound(
                f"{shown} is a collection of {count}: name one, such as {example}"
            )
    likely = near(repo, path)
    hint = f"did you mean {' or '.join(likely)}?" if likely else ""
    if why := why_unproven(repo, path):
        hint = f"; {hint}" if hint else ""
        return NotFound(f"no record {shown} was found, {why}: it may exist{hint}")
    hint = hint or f"see repoview ls {repo.name}"
    return NotFound(f"there is no record {shown}: {hint}")


def why_unproven(repo: Repo, path: str) -> str | None:
    """Say why *path* may exist although it was not found; None when it cannot.

    It cannot when the blocks on the way down prove that.
    """
    from repoview.core.repo.proof import Answer

    if repo.report.complete is None or not len(repo.tree):
        return "but the tree was not read to its end"
    proof = repo.prove(path.encode(errors="replace"))
    return None if proof.answer is Answer.ABSENT else f"but {proof.why}"


def near(repo: Repo, path: str) -> list[str]:
    """Return paths of records that may have been meant by *path*."""
    from difflib import get_close_matches

    collection, _, rkey = path.partition("/")
    names = [each.name for each in repo.collections]
    rkey = rkey or collection
    # The likeliest mistake: the right record key in the wrong collection.
    exact = [n for n in repo.search(f"/{rkey}")[:1000] if repo.record(n).rkey == rkey]
    if exact:
        return [repo.record(n).path for n in exact[:_HINTS]]
    for name in get_close_matches(collection, names, 1, 0.8):
        among = [repo.record(n) for n in repo.numbers(name)[:2000]]
        close = get_close_matches(rkey, [r.rkey for r in among], _HINTS, 0.75)
        if close:
            return [f"{name}/{each}" for each in close]
        if name != collection:
            return [among[0].path]
    return []
