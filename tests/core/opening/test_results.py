"""Results of a caller's function: the same in memory, on disk, and in a dict."""

from __future__ import annotations

from itertools import compress
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st

from repoview.core.opening.results import LEFT_OUT, RESULT, Processed

_SIZES = st.integers(0, 300) | st.sampled_from((0, 70_000))
_BATCHES = st.lists(
    st.tuples(st.lists(st.booleans(), max_size=40), st.sampled_from((RESULT, LEFT_OUT)))
)


def _cid(row: int) -> bytes:
    return row.to_bytes(36, "big")


@given(_BATCHES, st.data(), st.booleans())
def test_many_at_once_are_those_one_by_one(
    batches: list[tuple[list[bool], int]], draw: st.DataObject, spills: bool
) -> None:
    """Of any rows, in any order and twice; also of those that came late."""
    processed = Processed()
    expected: dict[int, bytes | None] = {}
    left_out = set()
    with TemporaryDirectory() as folder:
        if spills:
            processed.spill(folder, 4)
        for done, what in batches:
            rows = range(len(processed), len(processed) + len(done))
            held = list(compress(rows, done))
            results = [bytes((row % 256,)) * draw.draw(_SIZES) for row in held]
            processed.extend(bytes(done), what, results, b"".join(map(_cid, held)))
            expected |= dict.fromkeys(rows) | dict(zip(held, results, strict=True))
            left_out |= set(held) if what == LEFT_OUT else set()
        for row in [row for row, result in expected.items() if result is None]:
            if draw.draw(st.booleans()):
                expected[row] = b"late %d" % row
                processed.put(row, b"late %d" % row)
        try:
            rows = draw.draw(st.lists(st.sampled_from([*expected, len(expected)])))
            wanted = [expected.get(row) for row in rows]
            found = processed.get_all(rows)
            assert found == wanted or (
                found is None and sum(map(len, filter(None, wanted))) > 1 << 19
            )
            held_rows = [row for row in rows if row in expected]
            assert [processed.get(row) for row in held_rows] == [
                expected[row] for row in held_rows
            ]
            assert [processed.cid(row) for row in rows] == [
                _cid(row) if row in left_out else None for row in rows
            ]
            all_left = all(row in left_out for row in rows)
            cids = b"".join(map(_cid, rows)) if all_left else None
            assert processed.cids(rows) == cids
        finally:
            processed.close()
