"""What a data set says of all files: a line each, totals, findings, collections.

Of a file that was read more than once, because it changed, or could not be read, the
newest row counts.
"""

from __future__ import annotations

import os
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

from repoview.core.errors import NotFound, SourceError, reason_of
from repoview.core.findings.catalogue import gravest_first
from repoview.fleet.arrow import need_arrow
from repoview.fleet.by import By
from repoview.fleet.done import NOT_READ
from repoview.fleet.layout import FINDINGS, RECORDS, REPOS
from repoview.fleet.store import store_at
from repoview.fleet.verdict import repos_schema
from repoview.fleet.work import rows_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from repoview.fleet.verdict import RepoRow


@dataclass(frozen=True, slots=True)
class Totals:
    """All files of a data set together."""

    files: int
    dids: int
    """Different accounts."""

    file_bytes: int
    """As they are stored."""

    bytes: int
    """Of the CARs, unpacked."""

    records: int
    left_out: int
    """Records without a row: their block is missing, or of too many collections."""

    verdicts: dict[str, int]
    """How many files there are of each; "not-read" for those without one."""

    seconds: float
    """Of reading and checking, in all processes together."""


class FoundCode(NamedTuple):
    """The findings of one code."""

    code: str
    severity: str
    files: int
    findings: int
    """Of a file, at most 100 are listed; those count as many as they stand for."""


class CollectionRows(NamedTuple):
    """The records of one collection."""

    collection: str | None
    """None for records whose key has none."""

    records: int
    """Rows of `records/`: of copies that one run met, those of each; a later run writes
    none of bytes that are known."""

    files: int
    """Different ones: copies with the same bytes are one."""

    bytes: int
    """Of the blocks of those rows."""


class Fleet:
    """A data set that was written by `write`; made by `summary`.

    Args:
        out: Where it is.

    Raises:
        NotFound: There is none.
        NoArrow: pyarrow is not installed.
        SourceError: It cannot be read, or fsspec is not installed.
    """

    def __init__(self, out: str | os.PathLike[str]) -> None:
        self._store = store_at(os.fspath(out))
        root = self._store.root
        with _reading(root):
            found = self._store.dataset(REPOS)
            if found is None:
                raise NotFound(f"there is no data set of repoview at {root}")
            self._table = _newest(_repos(found))

    def __len__(self) -> int:
        return int(self._table.num_rows)

    def rows(
        self,
        sort: By | str = By.SOURCE,
        *,
        reverse: bool = False,
        verdicts: Collection[str] = (),
        codes: Collection[str] = (),
        find: str = "",
        start: int = 0,
        count: int | None = None,
    ) -> list[RepoRow]:
        """Return what is told of files, a row each.

        Args:
            sort: By what; of equals, by source. What has none comes last.
            reverse: Whether from the greatest down.
            verdicts: Only those with one of these; "not-read" for those without.
            codes: Only those with a finding of one of these.
            find: Only those with this text in source, DID or rev, in any case.
            start: How many to pass over.
            count: How many to return at most; None for all.

        Raises:
            ValueError: There is no such order.
        """
        table = self._table
        if verdicts or codes or find:
            table = table.filter(_mask(table, verdicts, codes, find))
        direction = "descending" if reverse else "ascending"
        keys = [(By(sort).value, direction), ("source", "ascending")]
        keys = keys if sort != By.SOURCE else keys[:1]
        return rows_of(table.sort_by(keys).slice(start, count))

    def totals(self) -> Totals:
        """Return all of them together."""
        compute = import_module("pyarrow.compute")
        table = self._table
        names = ("file_bytes", "bytes", "records", "left_out")
        sums = {name: compute.sum(table[name]).as_py() or 0 for name in names}
        verdicts = Counter(table["verdict"].fill_null(NOT_READ).to_pylist())
        return Totals(
            files=len(self),
            dids=compute.count_distinct(table["did"], mode="only_valid").as_py(),
            **sums,
            verdicts=dict(sorted(verdicts.items())),
            seconds=round(compute.sum(table["seconds"]).as_py() or 0.0, 3),
        )

    def findings(self) -> list[FoundCode]:
        """Return the codes that were found, the most severe first, then by files."""
        found = self._store.dataset(FINDINGS)
        if found is None:
            return []
        compute = import_module("pyarrow.compute")
        by_bytes = ["code", "severity", "sha256"]
        # Files with the same bytes have the same findings, written once or more.
        table = (
            self._of_newest(found, [*by_bytes, "source", "count"])
            .group_by([*by_bytes, "source"])
            .aggregate([("count", "sum")])
            .group_by(by_bytes)
            .aggregate([("count_sum", "max")])
            .join(self._copies, "sha256")
        )
        copies = table["source_count"]
        table = table.append_column(
            "total", compute.multiply(table["count_sum_max"], copies)
        )
        counted = table.group_by(by_bytes[:2]).aggregate(
            [("source_count", "sum"), ("total", "sum")]
        )
        listed = [
            FoundCode(
                each["code"],
                each["severity"],
                each["source_count_sum"],
                each["total_sum"],
            )
            for each in counted.to_pylist()
        ]
        return sorted(listed, key=_gravest)

    def collections(self) -> list[CollectionRows]:
        """Return the collections, that with the most records first.

        Counts what can be asked of `records/`, other than `findings`, which counts each
        copy of a file. Reads three columns of all records.
        """
        found = self._store.dataset(RECORDS)
        if found is None:
            return []
        table = self._of_newest(found, ["collection", "sha256", "size"])
        counted = table.group_by(["collection"]).aggregate(
            [("sha256", "count"), ("sha256", "count_distinct"), ("size", "sum")]
        )
        listed = [
            CollectionRows(
                each["collection"],
                each["sha256_count"],
                each["sha256_count_distinct"],
                each["size_sum"],
            )
            for each in counted.to_pylist()
        ]
        return sorted(listed, key=lambda each: (-each.records, each.collection or ""))

    @cached_property
    def _copies(self) -> Any:  # noqa: ANN401 (a table)
        """How many of the files that count have a hash."""
        return self._table.group_by("sha256").aggregate([("source", "count")])

    @cached_property
    def _hashes(self) -> Any:  # noqa: ANN401 (an array)
        """The hashes of the files that count."""
        return self._table["sha256"].drop_null().unique()

    def _of_newest(self, found: Any, names: Sequence[str]) -> Any:  # noqa: ANN401 (pyarrow's)
        """Return columns of the rows that are of files that count."""
        dataset = import_module("pyarrow.dataset")
        newest = dataset.field("sha256").isin(self._hashes)
        return found.to_table(columns=list(names), filter=newest)


def summary(out: str | os.PathLike[str]) -> Fleet:
    """Return what a data set says; its rows are in memory, about 500 bytes each.

    Args:
        out: Where it is: a folder, or a URL of any file system that fsspec has.

    Raises:
        NotFound: There is none.
        NoArrow: pyarrow is not installed.
        SourceError: It cannot be read, or fsspec is not installed.
    """
    return Fleet(out)


@contextmanager
def _reading(root: str) -> Iterator[None]:
    """Let an error of a file, a store or a format say that it cannot be read."""
    need_arrow()
    arrow = import_module("pyarrow")
    try:
        yield
    except (OSError, ValueError, arrow.ArrowException) as error:
        reason = reason_of(error).splitlines()[0]
        raise SourceError(f"cannot read {root}: {reason}") from error


def _repos(found: Any) -> Any:  # noqa: ANN401 (a dataset, and a table)
    """Return the rows of `repos/` with the columns of this version.

    Those of a later version are left out; what an earlier one has not is null.
    """
    dataset = import_module("pyarrow.dataset")
    named = dataset.field("source").is_valid()
    return found.replace_schema(repos_schema()).to_table(filter=named)


def _newest(table: Any) -> Any:  # noqa: ANN401 (a table)
    """Return the newest row of each source."""
    arrow, compute = import_module("pyarrow"), import_module("pyarrow.compute")
    if compute.count_distinct(table["source"]).as_py() == table.num_rows:
        return table
    table = table.sort_by([("judged_at", "descending")])
    numbered = table.append_column("number", arrow.array(range(table.num_rows)))
    first = numbered.group_by("source").aggregate([("number", "min")])
    return table.take(first["number_min"])


def _mask(
    table: Any,  # noqa: ANN401 (a table)
    verdicts: Collection[str],
    codes: Collection[str],
    find: str,
) -> Any:  # noqa: ANN401 (an array)
    """Return which rows are wanted."""
    arrow, compute = import_module("pyarrow"), import_module("pyarrow.compute")
    masks = []
    if verdicts:
        kinds = arrow.array(list(verdicts), arrow.string())
        masks.append(compute.is_in(table["verdict"].fill_null(NOT_READ), kinds))
    if codes:
        listed = (
            not set(codes).isdisjoint(each) for each in table["codes"].to_pylist()
        )
        masks.append(arrow.array(listed, arrow.bool_()))
    if find:
        texts = (table[name].fill_null("") for name in ("source", "did", "rev"))
        parts = [compute.match_substring(t, find, ignore_case=True) for t in texts]
        masks.append(compute.or_(compute.or_(parts[0], parts[1]), parts[2]))
    whole = masks[0]
    for mask in masks[1:]:
        whole = compute.and_(whole, mask)
    return whole


def _gravest(found: FoundCode) -> tuple[int, int, str]:
    return gravest_first(found.severity), -found.files, found.code
