"""Facts about processes that read chunks, and come to no end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from repoview.fleet.chunks import Chunk
from repoview.fleet.sources import File
from repoview.fleet.supervisor import Stopped, Supervisor
from repoview.fleet.table import How
from tests.fleet.datasets import make_files
from tests.fleet.setups import DeadlySetup, FaultySetup

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


def test_a_fault_of_our_own_is_named(tmp_path: Path) -> None:
    """What no file is the cause of ends the run, with what it was."""
    files = tuple(File(str(path)) for path in make_files(tmp_path / "in", 1))
    supervisor = Supervisor(FaultySetup(How(), str(tmp_path / "out")), None)
    try:
        with pytest.raises(
            Stopped, match=r"fault of repoview itself \(KeyError: 'held'"
        ):
            supervisor.do(Chunk(files))
    finally:
        supervisor.close()
