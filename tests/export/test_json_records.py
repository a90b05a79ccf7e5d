"""Facts about the JSON of records, many at a time: it is that of each alone."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import given

from repoview.core.cid import RAW, Cid
from repoview.core.formats.json_text import json_text
from repoview.core.repo.repo import Repo
from repoview.export import json_records
from repoview.export.formats import FORMATS, Written
from repoview.export.json_records import json_batches
from tests.core.repos import make_repo, many
from tests.strategies import examples, records
from tests.vectors import needs_vectors, report, vector

if TYPE_CHECKING:
    from collections.abc import Sequence

    from repoview.core.load.result import Progress
    from repoview.export.json_records import JsonBatch

pytestmark = pytest.mark.usefixtures("kernel_in_use")


def one_by_one(repo: Repo, numbers: Sequence[int]) -> list[tuple[int, str, str, str]]:
    """Return number, path, CID and JSON of records, each read alone."""
    found = [repo.record(number) for number in numbers]
    return [(r.number, r.path, str(r.cid), json_text(r.json(), None)) for r in found]


def rows(batch: JsonBatch) -> list[tuple[int, str, str, str]]:
    """Return the same of a batch."""
    columns = (batch.numbers, batch.paths, batch.cids, batch.values)
    return [*zip(*columns, strict=True)]


def at_once(repo: Repo, numbers: Sequence[int]) -> list[tuple[int, str, str, str]]:
    """Return the same of all together."""
    batches = json_batches(repo, numbers, lambda _: None, Written())
    return [row for each in batches for row in rows(each)]


def lines(repo: Repo, form: str = "jsonl") -> list[dict[str, Any]]:
    """Return what a format writes of all records."""
    out = bytearray()
    FORMATS[form].writer(repo, range(len(repo)), out.extend, lambda _: None)
    parts = json.loads(out) if form == "json" else map(json.loads, out.splitlines())
    return list(parts)


@examples(50)
@given(records())
def test_a_record_is_what_it_is_alone(value: Any) -> None:
    """Whatever is in it."""
    with Repo.load(make_repo({f"{value['$type']}/a": value})) as repo:
        assert at_once(repo, range(1)) == one_by_one(repo, range(1))


ALL_KINDS: Final[Any] = {
    "$type": "com.example.any",
    "text": '"quoted" \\ / \n\r\t <é 語 👩🏽>',
    "ints": [0, -1, 23, 24, 255, 256, 65_536, 2**32, 2**53 - 1, 1 - 2**53],
    "plain": [None, True, False],
    "links": [Cid.for_block(b"\xa0"), Cid.for_block(b"", RAW)],
    "bytes": [b"", b"\xff", b"\xff\xfe", b"\xff\xfe\xfd", b"\0" * 4],
    "nest": {"bb": {}, "a": [], "x": {"é": [[{}]]}},
}
LEX_JSON: Final = (
    r"""{"ints":[0,-1,23,24,255,256,65536,4294967296,"""
    r"""9007199254740991,-9007199254740991],"""
    r""""nest":{"a":[],"x":{"é":[[{}]]},"bb":{}},"""
    r""""text":"\"quoted\" \\ / \n\r\t <é 語 👩🏽>","$type":"com.example.any","""
    r""""bytes":[{"$bytes":""},{"$bytes":"/w"},{"$bytes":"//4"},{"$bytes":"//79"},"""
    r"""{"$bytes":"AAAAAA"}],"links":["""
    r"""{"$link":"bafyreigbtj4x7ip5legnfznufuopl4sg4knzc2cof6duas4b3q2fy6swua"},"""
    r"""{"$link":"bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku"}],"""
    r""""plain":[null,true,false]}"""
)
"""What `lexStringify` of @atproto/lex-json 0.0.16 makes of it."""


def test_it_is_the_json_of_the_reference_implementation() -> None:
    """Byte for byte."""
    with Repo.load(make_repo({"com.example.any/a": ALL_KINDS})) as repo:
        ((_, _, _, text),) = at_once(repo, range(1))
    assert text == LEX_JSON


@pytest.mark.parametrize("numbers", [range(1_300), range(7, 1_100), range(9, 0, -1)])
def test_all_that_are_wanted_come_in_the_order_wanted(numbers: Sequence[int]) -> None:
    """Of a range, and of any numbers."""
    with Repo.load(make_repo(many(1_300))) as repo:
        expected = one_by_one(repo, numbers)
        assert at_once(repo, numbers) == expected
        assert at_once(repo, list(numbers)) == expected


@pytest.mark.parametrize(
    "name", ["odd-values.car", "big-integer.car", "deep-records.car"]
)
def test_what_is_not_sound_stands_among_the_others(name: str) -> None:
    """As far as it can be decoded."""
    with Repo.load(report(name).read_bytes()) as repo:
        assert at_once(repo, range(len(repo))) == one_by_one(repo, range(len(repo)))


@pytest.mark.parametrize(
    "value", [1.5, 1e-7, 2**53, -(2**64), "\u2066text\u2069", {"$link": ""}, "\x7f"]
)
def test_what_breaks_only_rules_of_values_is_written_by_the_kernel(
    value: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Python reads none of these one by one."""
    record = {"$type": "com.example.any", "value": value}
    with Repo.load(make_repo({"com.example.any/a": record})) as repo:
        expected = one_by_one(repo, range(1))
        monkeypatch.setattr(json_records, "_value", None)
        assert at_once(repo, range(1)) == expected


def test_what_is_missing_is_in_no_column() -> None:
    """And counted."""
    written = Written()
    with Repo.load(make_repo(many(9), leave_out=2)) as repo:
        (batch,) = json_batches(repo, range(9), lambda _: None, written)
        there = [n for n in range(9) if repo.record(n).state != "missing"]
        assert batch.numbers == there
        assert rows(batch) == one_by_one(repo, there)
    assert (written.records, written.missing) == (7, 2)
    assert len(written.missing_names) == 2


def test_progress_counts_the_records() -> None:
    """Before each batch."""
    seen: list[Progress] = []
    with Repo.load(make_repo(many(2_000))) as repo:
        list(json_batches(repo, range(2_000), seen.append, Written()))
    assert [each.total for each in seen] == [2_000] * len(seen)
    assert [each.done for each in seen] == sorted({each.done for each in seen})
    assert len(seen) > 2


@needs_vectors
def test_the_json_of_a_server_is_the_same() -> None:
    """Of a PDS: byte for byte, but for what is escaped because it is invisible."""
    raw = vector("pds/list.json").read_text()
    told = {each["uri"]: each for each in json.loads(raw)["records"]}
    told |= {(odd := json.loads(vector("pds/odd.json").read_text()))["uri"]: odd}
    with Repo.load(vector("pds/full.car")) as repo:
        for line in lines(repo):
            if line["uri"] in told:
                ours, theirs = line, told.pop(line["uri"])
                assert (ours["cid"], ours["value"]) == (theirs["cid"], theirs["value"])
                text = json.dumps(
                    ours["value"], ensure_ascii=False, separators=(",", ":")
                )
                assert text in raw or "odd" in ours["uri"]
    assert not told
