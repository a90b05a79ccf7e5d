"""Facts about what a command loads: starting up is a feature."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

LATE = (
    "textual",
    "rich",
    "anyio",
    "platformdirs",
    "cbor2",
    "multiformats",
    "cryptography",
    "importlib.metadata",
)
SCRIPT = """
import sys
before = set(sys.modules)
from repoview.cli import main
code = main(sys.argv[1:])
print(*sorted(set(sys.modules) - before), file=sys.stderr)
sys.exit(code)
"""


def loaded(*arguments: str | Path) -> set[str]:
    """Return the modules that a run of the program loads."""
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, *map(str, arguments)],
        capture_output=True,
        check=True,
        text=True,
    )
    return set(done.stderr.split())


@pytest.mark.parametrize(
    "arguments",
    [
        ("verify",),
        ("verify", "--json"),
        ("info",),
        ("ls",),
        ("mst",),
        ("show", "app.bsky.actor.profile/self"),
    ],
)
def test_a_command_loads_what_it_needs(
    sample: Path, arguments: tuple[str, ...]
) -> None:
    """And none of the heavy libraries."""
    command, *rest = arguments
    modules = loaded(command, sample, *rest)
    assert "repoview.core.repo.repo" in modules
    assert not modules & set(LATE)
    assert not any("findings.explained" in name for name in modules)
    assert not any(name.startswith("repoview.tui") for name in modules)


@pytest.mark.parametrize("arguments", [("verify",), ("ls",), ("mst",)])
def test_what_a_file_holds_is_counted_by_what_is_asked_for_it(
    sample: Path, arguments: tuple[str, ...]
) -> None:
    """Other commands start without the modules for it."""
    command, *rest = arguments
    assert not any("core.inventory" in name for name in loaded(command, sample, *rest))
    assert any("core.inventory" in name for name in loaded("info", sample))


def test_the_version_loads_a_kernel_and_no_more() -> None:
    """Which it must ask, to say which one runs."""
    modules = loaded("--version")
    assert "repoview.core.kernel.kernel" in modules
    assert not modules & {*LATE, "repoview.core.load.load", "repoview.core.repo.repo"}


def test_help_loads_next_to_nothing() -> None:
    """Not even the engine's walk."""
    modules = loaded("--help")
    assert not modules & set(LATE)
    assert "repoview.core.verify.walk" not in modules
