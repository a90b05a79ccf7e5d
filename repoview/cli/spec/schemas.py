"""JSON schemas (draft 2020-12) of what commands print for programs.

They name what is always there; more may be, and what a key may be added to says
so by leaving it open.
"""

from __future__ import annotations

from typing import Any, Final

from repoview.core.findings.findings import Severity
from repoview.core.verify.report import Counts, Verdict
from repoview.core.verify.shape import FileShape

_TEXT: Final = {"type": "string"}
_COUNT: Final = {"type": "integer", "minimum": 0}
_FLAG: Final = {"type": "boolean"}
_CID: Final = {"type": "string", "pattern": "^[a-zA-Z0-9+/=]+$"}


def _object(**fields: Any) -> dict[str, Any]:  # noqa: ANN401 (JSON)
    """Return the schema of an object that has all these fields."""
    return {"type": "object", "properties": fields, "required": [*fields]}


def _or_null(schema: dict[str, Any]) -> dict[str, Any]:
    return {**schema, "type": [schema["type"], "null"]}


def _list(schema: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": schema}


def _names_of(*values: Any) -> dict[str, Any]:  # noqa: ANN401 (enumerations)
    return {"type": "string", "enum": [str(value.value) for value in values]}


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/schemas/{name}"}


_NAMED: Final = {"uri": _TEXT, "path": _TEXT, "cid": _CID}
_COUNTS: Final = {
    name: {"type": "object", "additionalProperties": _COUNT}
    if name == "findings"
    else _COUNT
    for name in Counts.__slots__
}

SCHEMAS: Final[dict[str, dict[str, Any]]] = {
    "record": _object(**_NAMED, value={}),
    "listed_record": _object(**_NAMED),
    "finding": _object(
        code=_TEXT,
        severity=_names_of(*Severity),
        message=_TEXT,
        offset=_or_null(_COUNT),
        block_offset=_or_null(_COUNT),
        cid=_or_null(_TEXT),
        path=_or_null(_TEXT),
        count=_COUNT,
    ),
    "report": _object(
        source=_TEXT,
        verdict=_names_of(*Verdict),
        exit_code=_COUNT,
        signature={"type": "string", "enum": ["verified", "failed", "not-checked"]},
        complete=_or_null(_FLAG),
        shape=_names_of(*FileShape),
        commit=_or_null(
            _object(
                did=_or_null(_TEXT),
                rev=_or_null(_TEXT),
                data=_or_null(_CID),
                version=_or_null({"type": "integer"}),
                cid=_CID,
            )
        ),
        counts=_object(**_COUNTS),
        findings=_list(_ref("finding")),
    ),
    "built": _object(
        destination=_TEXT,
        did=_TEXT,
        rev=_TEXT,
        commit=_CID,
        data=_CID,
        records=_COUNT,
        bytes=_COUNT,
        signed=_FLAG,
    ),
    "unlinked_block": _object(
        cid=_CID, kind=_TEXT, type=_or_null(_TEXT), size=_COUNT, offset=_COUNT
    ),
}
"""Name → schema; the others are told as references to these."""

OUTPUTS: Final[dict[str, list[dict[str, str]]]] = {
    "repoview verify": [
        {"with": "--json", "form": "object", "schema": "report"},
        {"with": "--json, of several sources", "form": "lines", "schema": "report"},
    ],
    "repoview ls": [
        {"with": "--json", "form": "array", "schema": "listed_record"},
        {"with": "--unlinked --json", "form": "array", "schema": "unlinked_block"},
    ],
    "repoview export": [
        {"with": "--format jsonl", "form": "lines", "schema": "record"},
        {"with": "--format json", "form": "array", "schema": "record"},
        {
            "with": "--format jsonl --unlinked",
            "form": "lines",
            "schema": "unlinked_block",
        },
    ],
    "repoview build": [{"with": "--json", "form": "object", "schema": "built"}],
}
"""Command → what it prints, by options, and the schema of one of it."""
