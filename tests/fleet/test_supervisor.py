"""Facts about processes that read chunks, and come to no end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from repoview.fleet.chunks import Chunk
from repoview.fleet.sources import File
from repoview.fleet.supervisor import Stopped, Supervisor
from repoview.fleet.table import How
from tests.fleet.datasets import make_files
from tests.fleet.deadly import DeadlySetup

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("timeout", [None, 60.0])
def test_processes_that_die_without_a_file_end_the_run(
    tmp_path: Path, timeout: float | None
) -> None:
    """No file is the cause once the first is not read any more."""
    files = tuple(File(str(path)) for path in make_files(tmp_path / "in", 3))
    supervisor = Supervisor(DeadlySetup(How(), str(tmp_path / "out")), timeout)
    try:
        with pytest.raises(Stopped, match="a process ended by itself, with 3"):
            supervisor.do(Chunk(files))
    finally:
        supervisor.close()
