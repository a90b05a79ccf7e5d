"""The others: where they come from, how they are built, what they check.

Each is a small program in a folder of ``peers``, which names exact versions.
It is copied into the data folder and built there, once, so that nothing that
a build makes (lock files, modules, binaries) lies beside the sources.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks.measure import Contender

if TYPE_CHECKING:
    from collections.abc import Callable


_SOURCES: Final = Path(__file__).with_name("peers")


class CannotBuild(Exception):
    """A peer cannot be built here; says why."""


@dataclass(frozen=True, slots=True)
class Toolchain:
    """How programs of one language are built and run, in their folder."""

    tool: str
    """The program that must be there."""

    build: tuple[tuple[str, ...], ...]
    run: tuple[str, ...]
    manifest: str
    """The file that names the version, and how it looks there."""

    version: str


_CARGO: Final = Toolchain(
    "cargo",
    (("cargo", "build", "--release", "--quiet"),),
    ("{folder}/target/release/{program}",),
    "Cargo.toml",
    r'(?m)^(?:repo-stream|shrike|jacquard-repo|atproto-repo) = .*"=([^"]+)"',
)
_GO: Final = Toolchain(
    "go",
    (("go", "build", "-mod=mod", "-o", "peer", "."),),
    ("{folder}/peer",),
    "go.mod",
    r"require \S+ (\S+)",
)
_NODE: Final = Toolchain(
    "npm",
    (("npm", "install", "--silent", "--no-audit", "--no-fund", "--no-package-lock"),),
    ("node", "--max-old-space-size=8192", "{folder}/main.js"),
    "package.json",
    r'"@[^"]+": "([^"]+)"',
)
_PYTHON: Final = Toolchain(
    sys.executable,
    (
        (sys.executable, "-m", "venv", "venv"),
        (
            "venv/bin/python",
            "-m",
            "pip",
            "install",
            "--quiet",
            "-r",
            "requirements.txt",
        ),
    ),
    ("{folder}/venv/bin/python", "{folder}/main.py"),
    "requirements.txt",
    r"==(\S+)",
)


@dataclass(frozen=True, slots=True)
class Peer:
    """Another reader of repositories."""

    name: str
    folder: str
    toolchain: Toolchain
    modes: tuple[tuple[str, tuple[str, ...]], ...]
    """How it reads, for the table, and what the program is told."""

    checks: str
    """What it checks of what it reads, and what it does not."""

    @property
    def version(self) -> str:
        """The exact version, as its manifest has it."""
        manifest = _SOURCES / self.folder / self.toolchain.manifest
        found = re.search(self.toolchain.version, manifest.read_text(encoding="utf-8"))
        return found[1] if found else "?"

    def contenders(self, data: Path) -> list[Contender]:
        """Return its ways to read one large file."""
        return [
            Contender(self.name, mode, (*self._command(data), *words))
            for mode, words in self.modes
        ]

    def repeated(self, data: Path) -> list[Contender]:
        """Return its way to read small files over and over, if it has one."""
        if self.toolchain is not _CARGO:
            return []
        words = (*self._command(data), "repeat", "{car}", "3000")
        return [Contender(self.name, "from memory", words)]

    def build(self, data: Path, say: Callable[[str], None]) -> None:
        """Build it, unless it is built.

        Raises:
            CannotBuild: Its toolchain is not there, or fails.
        """
        tool = self.toolchain.tool
        if shutil.which(tool) is None:
            raise CannotBuild(f"there is no {tool}")
        folder = self._folder(data)
        stamp = folder / "built"
        state = self._state()
        if stamp.exists() and stamp.read_text(encoding="utf-8") == state:
            return
        say(f"building {self.name} {self.version}")
        shutil.copytree(_SOURCES / self.folder, folder, dirs_exist_ok=True)
        for command in self.toolchain.build:
            _run(command, folder)
        stamp.write_text(state, encoding="utf-8")

    def _folder(self, data: Path) -> Path:
        return data.resolve() / "peers" / self.folder

    def _command(self, data: Path) -> list[str]:
        folder = str(self._folder(data))
        program = f"peer-{self.folder}"
        return [
            word.replace("{folder}", folder).replace("{program}", program)
            for word in self.toolchain.run
        ]

    def _state(self) -> str:
        """Return a digest of its sources."""
        hasher = sha256()
        for path in sorted((_SOURCES / self.folder).rglob("*")):
            if path.is_file():
                hasher.update(path.name.encode() + b"\0" + path.read_bytes())
        return hasher.hexdigest()


def _run(command: tuple[str, ...], folder: Path) -> None:
    done = subprocess.run(  # noqa: S603 (the commands are those above)
        command, cwd=folder, check=False, capture_output=True, text=True
    )
    if done.returncode:
        lines = [line for line in done.stderr.split("\n") if line.strip()]
        raise CannotBuild(lines[-1].strip() if lines else f"{command[0]} failed")


_MEMORY: Final = ("through a 1 MiB buffer", ("memory", "{car}"))
_SLICE: Final = ("whole file in memory", ("slice", "{car}"))
_STREAM_MODES: Final = (
    _MEMORY,
    _SLICE,
    ("spilled past 64 MiB", ("spill-64", "{car}", "{scratch}")),
    ("spilled past 10 MiB", ("spill-10", "{car}", "{scratch}")),
)
STREAM: Final = "repo-stream"

PEERS: Final = (
    Peer(
        STREAM,
        "repo-stream",
        _CARGO,
        _STREAM_MODES,
        "no hash, no encoding of records; key order and depth in the tree, and that "
        "every node and record is there",
    ),
    Peer(
        "repo-stream alpha",
        "repo-stream-alpha",
        _CARGO,
        (_MEMORY, _SLICE),
        "as repo-stream, and the hash of every block",
    ),
    Peer(
        "shrike",
        "shrike",
        _CARGO,
        (
            ("load_car, walk", ("load", "{car}")),
            ("blocks and walk alone", ("walk", "{car}")),
        ),
        "the hash of every block, that every node and record is there, key order and "
        "bounds in the tree; not the depth of each key, not the encoding of records; "
        "without load_car no hash",
    ),
    Peer(
        "jacquard-repo",
        "jacquard-repo",
        _CARGO,
        (("parse_car_bytes, leaves", ("load", "{car}")),),
        "no hash, no key order, no depth, no encoding of records; that every node is "
        "there",
    ),
    Peer(
        "atproto-repo",
        "atproto-repo",
        _CARGO,
        (("from_car, entries", ("load", "{car}")),),
        "the hash of every block and the form of its CID, that every node is there; no "
        "key order, no depth, no encoding of records",
    ),
    Peer(
        "indigo",
        "indigo",
        _GO,
        (("load and walk", ("load", "{car}")),),
        "the hash of every block, the commit's structure; not order or depth, which "
        "are a call of their own; not the encoding of records",
    ),
    Peer(
        "atmst",
        "atmst",
        _PYTHON,
        (("walk, reading records", ("walk", "{car}")),),
        "the hash of every block it reads, key order within and the depth of nodes; "
        "not the encoding of records",
    ),
    Peer(
        "@atcute/repo",
        "atcute",
        _NODE,
        (("stream", ("stream", "{car}")), ("whole file in memory", ("whole", "{car}"))),
        "no hash, no depth; syntax and order of keys within a node; records are not "
        "decoded unless asked for",
    ),
    Peer(
        "@atproto/repo",
        "atproto",
        _NODE,
        (
            ("readCarWithRoot, walk", ("walk", "{car}")),
            ("verifyRepoCar", ("verify", "{car}")),
        ),
        "the hash of every block, that every record is there; not the encoding of "
        "records",
    ),
    Peer(
        "libipld",
        "libipld",
        _PYTHON,
        (("decode_car", ("decode", "{car}")),),
        "no hash, no tree: decodes every block, records too",
    ),
)
