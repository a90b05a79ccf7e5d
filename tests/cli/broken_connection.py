"""Break a connection during a download, and check how the program handles it.

Two runs of the real programs, against a server on this machine:

- ``curl URL | gzip | repoview verify -``: of the three only `repoview` detects
  that the file is truncated.
- ``repoview verify URL``: it resumes the download.

``python -m tests.cli.broken_connection`` prints their output, and exits with 0
only if both are as expected. Python replaces a missing curl or gzip.
"""

from __future__ import annotations

import argparse
import shlex
import shutil
import sys
from dataclasses import dataclass
from subprocess import PIPE, Popen
from typing import TYPE_CHECKING, Final

from repoview.core.formats.car import sections
from repoview.core.formats.car_header import read_header
from repoview.sample import write_sample
from tests.servers import serving

if TYPE_CHECKING:
    from collections.abc import Sequence

PROGRAM: Final = (sys.executable, "-m", "repoview", "verify")

CUT: Final = 10
"""The exit code for a repository of which blocks are missing."""

_FETCH: Final = """\
import shutil, sys, urllib.request
with urllib.request.urlopen(sys.argv[1]) as body:
    shutil.copyfileobj(body, sys.stdout.buffer)
    if body.length:
        sys.exit("the connection broke")
"""
_PACK: Final = """\
import gzip, shutil, sys
with gzip.open(sys.stdout.buffer, "wb") as packed:
    shutil.copyfileobj(sys.stdin.buffer, packed)
"""


@dataclass(frozen=True)
class Ending:
    """The outcome of a run."""

    line: str
    """The command line."""

    code: int
    said: str
    """On standard output."""

    complaint: str
    """On standard error, of `repoview` only."""

    asked: list[str]
    """The ranges that the server was asked for."""

    def __str__(self) -> str:
        return f"$ {self.line}\n{self.said}{self.complaint}exit code {self.code}\n"


def piped(body: bytes, breaks: int) -> Ending:
    """Run ``curl URL | gzip | repoview verify -``; it breaks after so many bytes."""
    with serving(body=body, breaks=[breaks]) as server:
        fetch = _or_python("curl", ("-sS", server.url), _FETCH, (server.url,))
        pack = _or_python("gzip", (), _PACK, ())
        verify = (*PROGRAM, "-")
        with (
            Popen(fetch, stdout=PIPE, stderr=PIPE) as fetching,
            Popen(pack, stdin=fetching.stdout, stdout=PIPE) as packing,
            Popen(verify, stdin=packing.stdout, stdout=PIPE, stderr=PIPE) as verifying,
        ):
            # Close our copy of the pipe, so that the reader gets end of file.
            for one in (fetching, packing):
                assert one.stdout is not None
                one.stdout.close()
            said, complaint = verifying.communicate()
        assert fetching.returncode != 0, "the connection did not break"
        line = f"curl -sS {server.url} | gzip | repoview verify -"
    return Ending(
        line, verifying.returncode, said.decode(), complaint.decode(), server.asked
    )


def _or_python(
    tool: str, words: Sequence[str], code: str, given: Sequence[str]
) -> list[str]:
    """Return the command of a tool, or if it is missing, its replacement."""
    found = shutil.which(tool)
    if found is not None:
        return [found, *words]
    return [sys.executable, "-c", code, *given]


def resumed(body: bytes, breaks: Sequence[int]) -> Ending:
    """Run ``repoview verify URL``; it breaks after so many bytes, each time."""
    with serving(body=body, breaks=[*breaks]) as server:
        command = (*PROGRAM, server.url)
        with Popen(command, stdout=PIPE, stderr=PIPE) as verifying:
            said, complaint = verifying.communicate()
        line = shlex.join(("repoview", "verify", server.url))
    return Ending(
        line, verifying.returncode, said.decode(), complaint.decode(), server.asked
    )


def faults(records: int) -> tuple[list[Ending], list[str]]:
    """Do both runs; return their outcomes, and what is not as expected.

    Args:
        records: Number of records in the repository that is served.
    """
    written = bytearray()
    write_sample(written.extend, records)
    body = bytes(written)
    half = _middle_of(body)
    cut, whole = piped(body, half), resumed(body, [half])
    expected = [
        (cut.code == CUT, f"a cut file ended with {cut.code}, not {CUT}"),
        (cut.said.startswith("INCOMPLETE"), "a cut file was not called incomplete"),
        ("CAR023" in cut.said, "it was not told that the file is cut (CAR023)"),
        ("the last section is cut off" in cut.said, "nor in words"),
        (cut.asked == [""], f"curl asked for {cut.asked}"),
        (whole.code == 0, f"what was resumed ended with {whole.code}"),
        (whole.said.startswith("SOUND"), "what was resumed was not called sound"),
        (whole.asked == ["", f"bytes={half}-"], f"it asked for {whole.asked}"),
        (not cut.complaint + whole.complaint, "there were complaints"),
    ]
    return [cut, whole], [text for is_right, text in expected if not is_right]


def _middle_of(body: bytes) -> int:
    """Return an offset in the middle, in the data of a section."""
    header, _ = read_header(body, offset=0, available=len(body))
    assert header is not None
    parts = sections(body[header.end :], offset=header.end)
    return next(p.data_offset + 1 for p in parts if p.offset >= len(body) // 2)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.cli.broken_connection")
    parser.add_argument(
        "--records", type=int, default=50_000, help="in the repository (50,000)"
    )
    endings, wrong = faults(parser.parse_args(arguments).records)
    for ending in endings:
        sys.stdout.write(f"{ending}\n")
    sys.stdout.writelines(f"{text}\n" for text in wrong)
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
