"""The interoperability files of names: one a line, right or wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from repoview.core.cid import Cid
from repoview.core.errors import CidError
from repoview.core.formats.syntax import is_cid, is_did, is_nsid, is_rkey, is_tid
from tests.vectors import needs_vectors, read_lines

if TYPE_CHECKING:
    from collections.abc import Callable

WITHOUT_KERNEL = True

pytestmark = needs_vectors

CHECKS: dict[str, Callable[[str], bool]] = {
    "did": is_did,
    "nsid": is_nsid,
    "recordkey": is_rkey,
    "tid": is_tid,
    "cid": is_cid,
}
NOT_CIDS = {"mBcDxtdWx0aWhhc2g+", "z7x3CtScH765HvShXT"}
"""Shaped like CIDs, but their bytes are none."""


def lines(verdict: str) -> list[tuple[str, str]]:
    """Return every name of the files with this verdict, with its kind."""
    return [
        (kind, line)
        for kind in CHECKS
        for line in read_lines(f"interop/syntax/{kind}_syntax_{verdict}.txt")
    ]


@pytest.mark.parametrize(("kind", "text"), lines("valid"))
def test_right_names_are_known(kind: str, text: str) -> None:
    """All of them, corner cases too."""
    assert CHECKS[kind](text)


@pytest.mark.parametrize(("kind", "text"), lines("invalid"))
def test_wrong_names_are_refused(kind: str, text: str) -> None:
    """All of them, spaces at their ends included."""
    assert not CHECKS[kind](text)


@pytest.mark.parametrize(
    "text", read_lines("interop/syntax/cid_syntax_valid.txt") or [""]
)
def test_right_cids_are_read(text: str) -> None:
    """In whatever base; a few are only shaped like one."""
    if text in NOT_CIDS or text.startswith("7"):
        with pytest.raises(CidError):
            Cid.parse(text)
    else:
        cid = Cid.parse(text)
        assert Cid.parse(str(cid)) == cid


@pytest.mark.parametrize("text", read_lines("interop/syntax/cid_syntax_invalid.txt"))
def test_wrong_cids_are_not_read(text: str) -> None:
    """But the old form is, which other blocks may have."""
    if text.startswith("Qm"):
        assert Cid.parse(text).version == 0
        return
    with pytest.raises(CidError):
        Cid.parse(text)
