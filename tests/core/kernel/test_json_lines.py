"""Facts about lines of JSON: each says of a record what its value says."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from repoview.core.formats.json_text import json_text
from repoview.core.kernel.pure import cut
from repoview.core.kernel.seam import JsonField
from repoview.core.repo.inside import inside
from repoview.core.repo.repo import Repo
from tests.fuzz.repositories import repositories

FORM = [b"[", JsonField.PATH, b" ", JsonField.CID, b" ", JsonField.VALUE, b"]\n"]


PLAIN = re.compile(r"[ !#-\[\]-~]*")
"""What JSON and terminals take as it is."""


def lines_of(repo: Repo, most: int) -> list[bytes]:
    """Return the line of each record, some at a time."""
    lines: list[bytes] = []
    while len(lines) < len(repo):
        some = range(len(lines), len(repo))
        _, told = inside(repo).holdings.json_lines(some, FORM, most)
        assert 1 <= len(told.ends) <= len(some)
        lines += cut(told.text, told.ends, 0)
    return lines


@given(repositories(), st.sampled_from([0, 500, 1 << 20]))
def test_a_line_says_what_the_record_says_or_nothing(data: bytes, most: int) -> None:
    """Nothing of what is not in its one form, and of keys that are not plain."""
    with Repo.load(data) as repo:
        for record, line in zip(repo, lines_of(repo, most), strict=True):
            if line:
                value = json_text(record.decoded, None)
                assert line.decode() == f"[{record.path} {record.cid} {value}]\n"
            else:
                assert record.state != "sound" or PLAIN.fullmatch(record.path) is None
