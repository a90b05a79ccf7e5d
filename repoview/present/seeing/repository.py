"""The page about a repository as a whole, and about its commit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from repoview.core.expected_shape import expected_records
from repoview.core.wording import count_text
from repoview.present.seeing.page import Page
from repoview.present.styled import Piece, Row, Section
from repoview.present.text import safe, short_cid, size_text, tid_date
from repoview.present.verdicts import (
    completeness_text,
    meaning_text,
    signature_text,
    verdict_word,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from repoview.core.formats.commit import Commit
    from repoview.core.repo.repo import Repo

COUNTED: Final = 50_000
"""Nodes up to which they are counted for a page; of more it takes too long."""


def repository_page(repo: Repo) -> Page:
    """Return the page about a repository as a whole."""
    sections = [what_is_a_repository(repo)]
    if repo.commit is not None:
        sections.append(_commit(repo.commit))
    sections.append(_judged(repo))
    if 0 < len(repo.tree) <= COUNTED:
        sections.append(_depths(repo))
    return Page("a repository", sections)


def what_is_a_repository(repo: Repo) -> Section:
    """Return what a repository is, and how its blocks hang together."""
    counts, commit = repo.report.counts, repo.commit
    account = "an account" if commit is None else safe(commit.did or "an account", 80)
    return Section(
        "What is a repository?",
        [
            (
                f"The public records of one account: here "
                f"{count_text(len(repo), 'record')} in "
                f"{count_text(counts.collections, 'collection')} of {account}."
            ),
            (
                "It is kept in blocks. A block is some bytes, and its name, the CID, "
                "is made of their SHA-256: who has the name can tell whether the bytes "
                "are right, wherever they come from."
            ),
            (
                "One block leads to all others: the commit links to the top node of a "
                f"tree, nodes link to nodes, and these to records. Here they are 1 + "
                f"{counts.nodes:,} + {counts.records:,}, the nodes in between being "
                "the index by which a record is found, and proved."
            ),
        ],
    )


def _commit(commit: Commit) -> Section:
    written = tid_date(commit.rev) if commit.rev else None
    rev = safe(commit.rev or "none", 40)
    top = "none" if commit.data is None else short_cid(commit.data)
    return Section(
        "The commit",
        [
            (
                f"{short_cid(commit.cid)}, {size_text(commit.size)} at byte "
                f"{commit.offset:,}, is the only block that is signed. It names the "
                "account, a revision (rev "
                f"{rev}{f', {written} UTC' if written else ''}), and the top node "
                f"(data {top})."
            ),
            (
                "Whoever trusts the signature can trust every record that hashes lead "
                "to from there, and no other."
            ),
        ],
    )


def _judged(repo: Repo) -> Section:
    report = repo.report
    lines = [
        f"Is it right? {verdict_word(report)}: {meaning_text(report)}.",
        f"Is all there? {completeness_text(report)}.",
    ]
    if signed := signature_text(report):
        lines.append(
            f"Who made it? {signed.capitalize()}: hashes cannot tell, only a key can."
        )
    return Section("Three questions about a file", lines)


def _depths(repo: Repo) -> Section:
    return Section("How deep its keys are", list(_levels(repo)))


def _levels(repo: Repo) -> Iterator[str | Row]:
    yield (
        "The hash of a key gives its depth: three keys in four are at depth 0, and "
        "a quarter as many at each depth above. Nobody balances this tree; chance does."
    )
    keys = len(repo)
    for level in repo.shape.levels:
        if level.depth is None:
            continue
        expected = expected_records(keys, level.depth)
        yield Row(
            [
                Piece(f"depth {level.depth:<3}", "name"),
                Piece(f"{count_text(level.records, 'key'):>16}"),
                Piece(f"{expected:>14,.1f} expected", "dim"),
                Piece(f"   in {count_text(level.nodes, 'node')}", "dim"),
            ]
        )
