"""JSON that more than one command writes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from repoview.present import json_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from repoview.core.formats.record import Record


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


def json_array(objects: Iterable[dict[str, Any]]) -> Iterator[str]:
    """Yield the pieces of a JSON array, an object a line."""
    lead = "[\n"
    for each in objects:
        yield lead + json_text(each, None)
        lead = ",\n"
    yield "[]\n" if lead == "[\n" else "\n]\n"
