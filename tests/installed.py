"""Test an installed repoview, not the one of this checkout.

``python tests/installed.py [KERNEL]`` runs the program of the Python that runs
this: which kernel it has (compiled, unless KERNEL says another), whether it
proves a sample that it built and takes out its records, its version, and what the
package index will show of it. It needs nothing but Python, on any system, and
ends with 1 and a sentence if something is not as it should be.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from importlib.metadata import metadata
from pathlib import Path

_TARGETS = (
    r"\]\(\s*([^)\s]+)",
    r"^\[[^\]]+\]:\s*(\S+)",
    r"\b(?:src|href)\s*=\s*[\"']?([^\"'\s>]+)",
)
"""Where links and pictures lead, in Markdown and HTML."""


def lost_links(text: str) -> list[str]:
    """Return the targets of links and pictures that lead nowhere on their own."""
    found = [t for p in _TARGETS for t in re.findall(p, text, re.MULTILINE)]
    return [target for target in found if not target.startswith("https://")]


def main() -> int:
    """Run what a new user would, and return the exit code."""
    kernel = sys.argv[1] if len(sys.argv) > 1 else "compiled"
    # In a folder without a package `repoview`, which Python would find first.
    with tempfile.TemporaryDirectory() as folder:
        version = _run(folder, "--version")
        package = metadata("atproto-repoview")
        wanted = f"repoview {package['Version']} (kernel: {kernel}"
        if not version.startswith(wanted):
            return _failed(f"it says {version.strip()!r}, and not {wanted!r}")
        sys.stdout.write(version)
        if lost := lost_links(package["Description"]):
            return _failed(f"its description has links that lead nowhere: {lost}")
        _run(folder, "demo", "--records", "500", "-o", "sample.car")
        verdict = _run(folder, "verify", "sample.car")
        if not Path(folder, "sample.car").is_file() or "SOUND" not in verdict:
            return _failed("it does not prove the sample that it built")
        _run(folder, "export", "sample.car", "-o", "records.jsonl")
        records = Path(folder, "records.jsonl")
        if not records.is_file() or records.read_bytes().count(b"\n") != 500:
            return _failed("it does not take out the records of its sample")
        if _python(folder, "-c", "import repoview.tui.app.explorer; print(1)") != "1\n":
            return _failed("its explorer cannot be loaded")
        where = _python(folder, "-c", "import repoview; print(repoview.__file__)")
        if not Path(where.strip()).is_relative_to(sys.prefix):
            return _failed(f"it is the one in {where.strip()}")
    sys.stdout.write("It builds a sample, proves it, and takes it out.\n")
    return 0


def _run(folder: str, *arguments: str) -> str:
    return _python(folder, "-m", "repoview", *arguments)


def _python(folder: str, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.stderr.write(done.stderr)
    return done.stdout


def _failed(why: str) -> int:
    sys.stderr.write(f"the installed repoview is wrong: {why}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
