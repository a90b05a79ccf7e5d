"""pyarrow gives back what it frees, unless somebody has chosen how it allocates."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

pytest.importorskip("pyarrow")

IMPORT = "from repoview.export.writers.arrow_import import import_arrow\n"
BACKEND = "arrow.default_memory_pool().backend_name"


def said(code: str, **environment: str) -> str:
    """Return what a new process prints, in this environment and these variables."""
    others = {k: v for k, v in os.environ.items() if not k.startswith("ARROW_")}
    command = [sys.executable, "-c", code]
    done = subprocess.run(
        command, env=others | environment, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def test_it_allocates_as_everything_else_does() -> None:
    """And what it was told for that is in no process that this one starts."""
    left = "'ARROW_DEFAULT_MEMORY_POOL' in os.environ"
    code = f"import os\n{IMPORT}arrow = import_arrow()\nprint({BACKEND}, {left})"
    assert said(code) == "system False"


def test_what_the_environment_says_is_kept() -> None:
    """Whoever set it knows why."""
    code = f"{IMPORT}arrow = import_arrow()\nprint({BACKEND})"
    said_so = said(code, ARROW_DEFAULT_MEMORY_POOL="system")
    assert said_so == "system"
    others = said(f"{IMPORT}print(import_arrow().supported_memory_backends())")
    for other in ("mimalloc", "jemalloc"):
        if other in others:
            assert said(code, ARROW_DEFAULT_MEMORY_POOL=other) == other


def test_a_program_that_uses_it_already_keeps_its_own() -> None:
    """A library does not change what is its user's."""
    own = said(f"import pyarrow as arrow\nprint({BACKEND})")
    code = f"import pyarrow\n{IMPORT}arrow = import_arrow()\nprint({BACKEND})"
    assert said(code) == own != "system"
