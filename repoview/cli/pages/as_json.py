"""JSON that more than one command writes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from repoview.core.repo.inside import inside
from repoview.present import json_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from repoview.core.formats.record import Record
    from repoview.core.inventory.summary import Summary
    from repoview.core.repo.repo import Repo
    from repoview.core.verify.report import Report

_PLAIN: Final = re.compile(r"[ !#-\[\]-~]*")
"""What JSON and terminals take as it is."""


def record_object(record: Record) -> dict[str, Any]:
    """Return what JSON says of a record without its value."""
    out: dict[str, Any] = {
        "uri": record.at_uri,
        "path": record.path,
        "cid": str(record.cid),
    }
    if record.path.encode(errors="surrogatepass") != record.key:
        out["key_hex"] = record.key.hex()
    return out


def report_object(report: Report, summary: Summary | None) -> dict[str, Any]:
    """Return what `verify --json` prints of one source.

    Args:
        report: What its verification found.
        summary: What else it holds; None where that was not counted.
    """
    told = report.to_json()
    told["inventory"] = None if summary is None else summary.to_json()
    return told


def json_array(objects: Iterable[dict[str, Any]]) -> Iterator[str]:
    """Yield the pieces of a JSON array, an object a line."""
    lead = "[\n"
    for each in objects:
        yield lead + json_text(each, None)
        lead = ",\n"
    yield "[]\n" if lead == "[\n" else "\n]\n"


def listed_array(repo: Repo, numbers: Sequence[int]) -> Iterator[str]:
    """Yield the pieces of a JSON array of records, without their values.

    Args:
        repo: Where the records are.
        numbers: Of the records; a `range` is many times as fast.
    """
    if not isinstance(numbers, range):
        yield from json_array(_listed(repo, number) for number in numbers)
        return
    did = inside(repo).holdings.did
    uri = "" if did is None else json_text(f"at://{did}/", None)[1:-1]
    lead = "[\n"
    for some, paths, cids in inside(repo).listed(numbers):
        if inside(repo).absent(some) or not are_plain(paths):
            listed = (json_text(_listed(repo, number), None) for number in some)
        else:
            listed = (
                f'{{"uri":"{uri}{path}","path":"{path}","cid":"{cid}","missing":false}}'
                for path, cid in zip(paths, cids, strict=True)
            )
        yield lead + ",\n".join(listed)
        lead = ",\n"
    yield "[]\n" if lead == "[\n" else "\n]\n"


def are_plain(texts: Iterable[str]) -> bool:
    """Tell whether JSON and terminals take some texts as they are."""
    return _PLAIN.fullmatch("".join(texts)) is not None


def _listed(repo: Repo, number: int) -> dict[str, Any]:
    is_absent = bool(inside(repo).absent(range(number, number + 1)))
    return {**record_object(repo.record(number)), "missing": is_absent}


def with_paths(
    repo: Repo, facts: Mapping[str, Any], numbers: Iterable[int]
) -> Iterator[str]:
    """Yield the pieces of an object that ends with the paths of records.

    Args:
        repo: Where the records are.
        facts: What stands before them; not nothing.
        numbers: Of the records, of which there may be millions.
    """
    yield json_text(facts, None)[:-1] + ',"records":['
    lead = ""
    for number in numbers:
        yield lead + json_text(repo.record(number).path, None)
        lead = ","
    yield "]}"
