"""Schemas of data sets of many repositories: what was written, and what they say."""

from __future__ import annotations

from dataclasses import fields
from typing import Final

from repoview.cli.spec.schemas.parts import (
    CODE,
    COUNT,
    FLAG,
    TEXT,
    Schema,
    a_list,
    a_map,
    an_object,
    one_of,
    or_null,
    ref,
)
from repoview.core.findings.findings import Severity
from repoview.core.verify.report import Verdict
from repoview.core.verify.shape import FileShape
from repoview.fleet.verdict import RepoRow

_SECONDS: Final[Schema] = {"type": "number", "minimum": 0}
_KINDS: Final = {
    "str": TEXT,
    "str | None": or_null(TEXT),
    "bool | None": or_null(FLAG),
    "float": _SECONDS,
    "int": COUNT,
    "tuple[str, ...]": a_list(CODE),
}
_ROW: Final = {each.name: _KINDS[str(each.type)] for each in fields(RepoRow)} | {
    "verdict": or_null(one_of(*Verdict)),
    "shape": or_null(one_of(*FileShape)),
}

FLEETS: Final[dict[str, Schema]] = {
    "fleet_written": an_object(
        out=TEXT,
        files=COUNT,
        bytes=COUNT,
        records=COUNT,
        rows=COUNT,
        parts=COUNT,
        exit_code=COUNT,
        verdicts=a_map(COUNT),
        seconds=_SECONDS,
        skipped=COUNT,
        not_listed=a_list(an_object(source=TEXT, why=TEXT)),
        elapsed=_SECONDS,
    ),
    "fleet_file": an_object(**_ROW),
    "fleet_summary": an_object(
        out=TEXT,
        totals=an_object(
            files=COUNT,
            dids=COUNT,
            file_bytes=COUNT,
            bytes=COUNT,
            records=COUNT,
            left_out=COUNT,
            verdicts=a_map(COUNT),
            seconds=_SECONDS,
        ),
        findings=a_list(
            an_object(
                code=CODE, severity=one_of(*Severity), files=COUNT, findings=COUNT
            )
        ),
        files=a_list(ref("fleet_file")),
    ),
}
"""Name → schema."""
