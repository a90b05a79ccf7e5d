"""Facts about pages of small repositories: nouns agree with their numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.test_grammar import DISAGREES, ONE_OF_EACH

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Program

COMMANDS = ["verify -v", "info", "mst", "ls --collections", "blobs"]


@pytest.mark.parametrize("name", ONE_OF_EACH)
@pytest.mark.parametrize("command", COMMANDS)
def test_numbers_agree_on_every_page(
    run: Program, tmp_path: Path, command: str, name: str
) -> None:
    """Also on standard error."""
    path = tmp_path / "one.car"
    path.write_bytes(ONE_OF_EACH[name]())
    word, *options = command.split()
    done = run(word, path, *options)
    lines = [*done.out.splitlines(), *done.err.splitlines()]
    assert not [line for line in lines if DISAGREES.search(line)]
