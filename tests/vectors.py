"""Finds the test vectors of other projects, which are not in this repository.

They lie in ``../shared/vectors`` from the project's root, or where the
environment variable ``REPOVIEW_VECTORS`` says, and files made after public reports
in ``../shared/reports``, or where ``REPOVIEW_REPORTS`` says. Where they are absent, the
tests that need them are skipped, and say so. Use it at the top of a module::

    vectors = vectors_or_skip()

    @pytest.mark.parametrize("case", read_json("dasl-cbor/cid.json"))

or inside a test, for a single file: ``vector("repo-stream/tiny.car")``.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

_BESIDE = Path(__file__).resolve().parents[2] / "shared" / "vectors"
ROOT = Path(os.environ.get("REPOVIEW_VECTORS") or _BESIDE)
"""Where the vectors are, if they are anywhere."""

REPORTS = Path(os.environ.get("REPOVIEW_REPORTS") or _BESIDE.with_name("reports"))
"""Where the files made after public reports are; the same goes for them."""

MISSING = "no test vectors: set REPOVIEW_VECTORS to the folder that holds them"

needs_vectors = pytest.mark.skipif(not ROOT.is_dir(), reason=MISSING)
"""Skips one test, or all of a module as its `pytestmark`."""

needs_reports = pytest.mark.skipif(
    not REPORTS.is_dir(),
    reason="no files made after reports: set REPOVIEW_REPORTS to their folder",
)
"""The same, for what needs the files made after reports."""


def vectors_or_skip() -> Path:
    """Return the folder of the vectors; without it, skip what asked."""
    if not ROOT.is_dir():
        pytest.skip(MISSING, allow_module_level=True)
    return ROOT


def vector(name: str) -> Path:
    """Return the path of one vector file; without it, skip what asked."""
    path = vectors_or_skip() / name
    if not path.exists():
        pytest.skip(f"the vectors have no {name}", allow_module_level=True)
    return path


def report(name: str) -> Path:
    """Return the path of a file made after a public report; else skip.

    They lie beside the vectors, in ``reports``.
    """
    path = ROOT.parent / "reports" / name
    if not path.exists():
        pytest.skip(f"there is no {path.name} beside the vectors")
    return path


def read_json(name: str) -> Any:
    """Return what a JSON vector file holds; nothing where vectors are absent.

    For `parametrize`, which runs before any test could be skipped: no cases
    means one skipped test.
    """
    path = ROOT / name
    return json.loads(path.read_bytes()) if path.exists() else []


def read_lines(name: str) -> list[str]:
    """Return the lines of a syntax file without its comments, unstripped.

    Nothing where vectors are absent, as with `read_json`.
    """
    path = ROOT / name
    if not path.exists():
        return []
    lines = path.read_text(encoding="utf-8").split("\n")
    return [line for line in lines if line and not line.startswith("#")]
