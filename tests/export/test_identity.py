"""Facts about blocks whose CID holds them: every CAR that is written has them."""

from __future__ import annotations

import io
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

import repoview
from repoview import Repo, RepoviewError, export
from repoview.core.cid import IDENTITY, Cid
from repoview.core.formats.car import sections
from repoview.core.formats.car_header import read_header
from repoview.core.proof.parts import build_parts
from repoview.corpus.cases import CASES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from repoview.corpus.case import Case

FILES = [case for case in CASES if case.code == "CID006"]


def blocks_in(data: bytes) -> list[tuple[Cid, bytes]]:
    """Return the blocks of a CAR as its sections have them."""
    header, _ = read_header(data, offset=0, available=len(data))
    assert header is not None
    return [
        (each.cid, data[each.data_offset : each.end])
        for each in sections(data[header.end :], offset=header.end)
    ]


def cars_of(data: bytes) -> Iterator[bytes]:
    """Yield what each writer of CARs makes of a file, those apart that refuse it."""
    with Repo.load(data) as repo:
        out = io.BytesIO()
        export.write(repo, out, "car")
        yield out.getvalue()
        out = io.BytesIO()
        export.write(repo, out, "car", unlinked=True)
        yield out.getvalue()
        for number in range(len(repo)):
            with suppress(RepoviewError):
                out = io.BytesIO()
                build_parts(repo, [repo.record(number).path], []).write_car(out.write)
                yield out.getvalue()
    with repoview.salvage(data) as saved:
        out = io.BytesIO()
        saved.write_car(out.write)
        yield out.getvalue()


@pytest.mark.parametrize("case", FILES, ids=lambda case: case.id)
def test_every_block_stands_behind_its_cid(case: Case) -> None:
    """Also of a CID that holds it: readers that hash sections take them all."""
    found = 0
    for car in cars_of(case.build().data):
        for cid, data in blocks_in(car):
            if cid.hash_code == IDENTITY:
                assert data == cid.digest
                found += 1
            else:
                assert cid == Cid.for_block(data, cid.codec)
    assert found > 1
