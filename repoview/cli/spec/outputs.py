"""What each command prints for programs, by options, and the schema of one of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, TypedDict

from repoview.cli.spec.schemas.files import FILES
from repoview.cli.spec.schemas.fleets import FLEETS
from repoview.cli.spec.schemas.records import RECORDS
from repoview.cli.spec.schemas.reports import REPORTS
from repoview.cli.spec.schemas.trees import TREES

if TYPE_CHECKING:
    from repoview.cli.spec.schemas.parts import Schema

Output = TypedDict(
    "Output",
    {"with": str, "form": Literal["object", "array", "lines", "value"], "schema": str},
)
"""By which options, as what, and the schema: of the object, or of one item of an
array, or of one line."""

SCHEMAS: Final[dict[str, Schema]] = {**RECORDS, **REPORTS, **TREES, **FILES, **FLEETS}
"""Name → schema."""


def _object(options: str, schema: str) -> Output:
    return {"with": options, "form": "object", "schema": schema}


def _array(options: str, schema: str) -> Output:
    return {"with": options, "form": "array", "schema": schema}


def _lines(options: str, schema: str) -> Output:
    return {"with": options, "form": "lines", "schema": schema}


_SEVERAL: Final = "of several sources, or of a file with several events"

OUTPUTS: Final[dict[str, list[Output]]] = {
    "repoview verify": [
        _object("--json", "report"),
        _lines(f"--json, {_SEVERAL}", "report"),
        _lines("--json, of several sources, one that cannot be read", "unread_source"),
        _object("--json with --path, --absent or --range", "answers"),
        _lines("--format jsonl", "finding"),
        _lines("--format jsonl, of a file with several events", "report"),
        _lines("--format jsonl, of several sources", "finding_of_source"),
        _lines("--format jsonl with --path or --absent", "path_answer"),
        _lines("--format jsonl with --range", "range_answer"),
    ],
    "repoview explain": [_array("--json", "explanation")],
    "repoview info": [
        _object("--json", "info"),
        _object("--json --select", "selected"),
    ],
    "repoview ls": [
        _array("--json", "listed_record"),
        _array("--json --collections", "collection"),
        _array("--json --unlinked", "unlinked_block"),
        _array("--json --duplicates", "duplicated_block"),
        _array("--json --shared", "shared_record"),
        _array("--json --two-roles", "two_roles"),
        _array("--json, of blocks without a tree", "unlinked_block"),
    ],
    "repoview show": [{"with": "", "form": "value", "schema": "value"}],
    "repoview mst": [
        _object("--json", "tree"),
        _object("--json with PATH", "way"),
        _object("--json --steps", "steps"),
    ],
    "repoview blobs": [
        _array("--json", "blob"),
        _array("--json --check", "checked_blob"),
    ],
    "repoview diff": [_object("--json", "diff")],
    "repoview prove": [_object("--json", "proof")],
    "repoview export": [
        _lines("--format jsonl", "record"),
        _array("--format json", "record"),
        _lines("--format jsonl --unlinked", "unlinked_value"),
        _array("--format json --unlinked", "unlinked_value"),
    ],
    "repoview build": [_object("--json", "built")],
    "repoview rewrite": [_object("--json", "rewritten")],
    "repoview merge": [_object("--json", "merged")],
    "repoview salvage": [
        _object("--json", "salvage"),
        _lines("--records", "loose_record"),
    ],
    "repoview fleet write": [_object("--json", "fleet_written")],
    "repoview fleet summary": [_object("--json", "fleet_summary")],
    "repoview cache ls": [_array("--json", "cache_entry")],
}
"""Command → what it prints."""
