"""Records that no tree reaches as JSON lines, with their keys where these are known.

Each is ``{"kind", "uri", "path", "cid", "type", "size", "offset", "value"}``. No
byte is lost: of a record that JSON cannot tell in full, the bytes stand beside the
value (``data``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from repoview.core.cid import DAG_CBOR
from repoview.core.formats.dagcbor import strict as dagcbor
from repoview.core.kernel import kernel
from repoview.export.formats import Written
from repoview.present import json_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from repoview.core.load.result import Progress
    from repoview.core.salvage.report import LooseRecord
    from repoview.core.salvage.salvage import Salvage


def write_loose(
    salvage: Salvage,
    write: Callable[[bytes], object],
    report: Callable[[Progress], None],
) -> Written:
    """Write the loose records of a salvage.

    Args:
        salvage: Of a source.
        write: Takes the next bytes.
        report: Called with progress; what it raises ends the writing.

    Raises:
        SourceError: The source cannot be read, or was changed.
    """
    written, did = Written(), salvage.report.did
    for record in salvage.loose_records(report):
        line = json_text(_line(record, did), None).encode() + b"\n"
        write(line)
        written.records += 1
        written.blocks += 1
        written.size += len(line)
    return written


def _line(record: LooseRecord, did: str | None) -> dict[str, Any]:
    path, data = record.path, record.data
    uri = None if path is None or did is None else f"at://{did}/{path}"
    line: dict[str, Any] = {"kind": record.kind.value, "uri": uri, "path": path}
    if path is not None and path.encode(errors="surrogatepass") != record.key:
        line["key_hex"] = (record.key or b"").hex()
    line |= {"cid": str(record.cid), "type": record.type}
    line |= {"size": len(data), "offset": record.offset}
    if record.cid.codec != DAG_CBOR:
        line["value"] = data
    elif kernel.sound_type(data) is not None:
        line["value"] = dagcbor.decode_sound(data)
    else:
        line["value"] = dagcbor.diagnose(data).value
        line["data"] = data
    return line
