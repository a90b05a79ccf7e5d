"""Values of records, in whatever order they are asked for.

Those of adjacent records are read by the batch. What is right is said by
`diagnose`, which reads one block, and whose decoder is another.
"""

from __future__ import annotations

from random import Random
from threading import Thread
from typing import TYPE_CHECKING, Any, Final

import pytest

import repoview
from repoview.core.errors import BlockMissing, FormatError, RepoviewError, SourceError
from repoview.core.formats.dagcbor import strict as dagcbor
from repoview.core.repo.repo import Repo
from tests.core.repos import make_repo, parts_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from repoview.core.formats.record import Record

TYPE: Final = "com.example.kind"


def of_every_kind() -> bytes:
    """Return a repository of sound records, odd ones, and ones that are not there."""
    records: dict[str, dagcbor.Value] = {}
    for number in range(700):
        path = f"{TYPE}/{number:04}"
        records[path] = {"$type": TYPE, "number": number, "in": [{"a": b"b"}] * 3}
        if number % 97 == 5:
            records[path] = dagcbor.encode({"$type": TYPE, "float": 1.5 + number})
        if number % 97 == 6:
            records[path] = dagcbor.encode({"$type": TYPE, "large": 2**53 + number})
        if number % 97 == 7:
            records[path] = dagcbor.encode([number])
        if number % 97 == 8:
            # Of a key that is there twice the first counts.
            records[path] = b"\xa2\x61a\x00\x61a\x19" + (1_000 + number).to_bytes(2)
    data = bytearray(make_repo(records, leave_out=3))
    _, parts = parts_of(bytes(data))
    for part in parts[-100:-1:31]:
        data[part.end - 1] ^= 1
    return bytes(data)


def read(record: Record) -> str:
    """Return what a record is, alone, or why it is nothing."""
    try:
        value = dagcbor.diagnose(record.data).value
    except BlockMissing as error:
        return str(error)
    if type(value) is not dict:
        return f"the record {record.path} is no map, but {type(value).__name__}"
    return repr(value)


def said(record: Record) -> str:
    """Return what `value` says of it."""
    try:
        return repr(record.value)
    except FormatError as error:
        return error.fact
    except RepoviewError as error:
        return str(error)


def in_order(count: int) -> Sequence[int]:
    """One after the other."""
    return range(count)


def twice_each(count: int) -> Sequence[int]:
    """Each asked again before the next."""
    return [number for number in range(count) for _ in range(2)]


def backwards(count: int) -> Sequence[int]:
    """From the last on."""
    return range(count - 1, -1, -1)


def with_leaps(count: int) -> Sequence[int]:
    """Runs of records, begun anywhere."""
    luck = Random(1)  # noqa: S311 (not for secrets)
    begins = [luck.randrange(count) for _ in range(60)]
    return [n for b in begins for n in range(b, min(b + luck.randrange(40), count))]


@pytest.mark.parametrize("order", [in_order, twice_each, backwards, with_leaps])
@pytest.mark.parametrize("carried", [False, True])
def test_a_value_is_that_of_its_block_in_any_order(
    order: Callable[[int], Sequence[int]], carried: bool
) -> None:
    """Sound, unsound, no map, damaged and missing alike."""
    with Repo.load(of_every_kind()) as repo:
        right = [read(record) for record in repo.records_at([*range(len(repo))])]
        records = list(repo.records(data=carried))
        for number in order(len(repo)):
            assert said(records[number]) == right[number]


def test_decoded_and_json_agree_with_the_value() -> None:
    """Whether or not it is a map."""
    with Repo.load(of_every_kind()) as repo:
        for record in repo.records():
            if record.state in {"missing", "damaged"}:
                continue
            right = dagcbor.diagnose(record.data).value
            assert repr(record.decoded) == repr(right)


def test_who_changes_a_value_changes_no_other() -> None:
    """Each time it is asked for, it is made."""
    with Repo.load(of_every_kind()) as repo:
        for record in repo.records():
            if record.state == "sound":
                first: Any = record.decoded
                if type(first) is dict:
                    first.clear()
                    assert record.value


def test_values_of_a_stream_are_those_of_the_repository(tmp_path: Path) -> None:
    """Taken while it is read, whatever is known by then."""
    data = make_repo({f"{TYPE}/{n:06}": {} for n in range(20_000)})
    path = tmp_path / "a.car"
    path.write_bytes(data)
    with repoview.open(path) as repo:
        right = [record.value for record in repo]
    with repoview.stream(path) as items:
        found = [item.value for item in items]  # type: ignore[union-attr]  # all are records
    assert found == right
    assert [value["path"] for value in right] == sorted(v["path"] for v in right)


def test_no_value_is_left_of_a_closed_repository(tmp_path: Path) -> None:
    """Not one that was read ahead either."""
    path = tmp_path / "a.car"
    path.write_bytes(make_repo({f"{TYPE}/{n:04}": {} for n in range(600)}))
    for opener in (repoview.open, repoview.stream):
        with opener(path) as given:
            records = list(given)
            assert [records[n].value["path"] for n in range(300)]  # type: ignore[union-attr]  # all are records
        for record in records[290:400]:
            with pytest.raises(SourceError, match="was closed"):
                _ = record.value  # type: ignore[union-attr]  # see above


def test_several_threads_get_their_own_values() -> None:
    """Each goes through all records of one repository."""
    with Repo.load(of_every_kind()) as repo:
        right = [said(record) for record in repo]
        found: list[list[str]] = []

        def go_through() -> None:
            found.append([said(record) for record in repo])

        threads = [Thread(target=go_through) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert found == [right] * 4


def test_a_file_that_changed_gives_no_other_value(tmp_path: Path) -> None:
    """Bytes are hashed again: each value is the right one, or there is none."""
    path = tmp_path / "a.car"
    path.write_bytes(make_repo({f"{TYPE}/{n:04}": {} for n in range(600)}))
    with repoview.open(path) as repo:
        records = list(repo)
        right = [record.value for record in records]
        data = bytearray(path.read_bytes())
        for place in range(len(data) - 5_000, len(data), 100):
            data[place] ^= 1
        path.write_bytes(data)
        failed = 0
        for record, value in zip(records, right, strict=True):
            try:
                assert record.value == value
            except RepoviewError:
                failed += 1
        assert 0 < failed < 200
