"""Check whether the kernel in use was built from this source.

A compiled kernel carries the SHA-256 of its crate, which kernel/build.rs has
computed; here it is computed once more. An install goes on without a compiled
kernel where it cannot be built, and leaves an older one in its place, so a
check that means to have run on this one must ask.

``python -m tests.kernel_source`` checks, and exits with 1 if it is another.
"""

from __future__ import annotations

import sys
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from types import ModuleType

CRATE: Final = Path(__file__).resolve().parents[1] / "kernel"

_FILES: Final = ("Cargo.toml", "build.rs", "heap/Cargo.toml", "sha256x2/Cargo.toml")
_FOLDERS: Final = ("src", "heap/src", "sha256x2/src")


def source_hash(crate: Path = CRATE) -> str:
    """Return the hash of a crate's source, in hex, as kernel/build.rs has it."""
    paths = [crate / name for name in _FILES]
    for folder in _FOLDERS:
        paths += (crate / folder).rglob("*.rs")
    digest = sha256()
    for name, path in sorted((p.relative_to(crate).as_posix(), p) for p in paths):
        data = path.read_bytes()
        digest.update(f"{name}\0{len(data)}\0".encode() + data)
    return digest.hexdigest()


def wrong_kernel(kernel: ModuleType | None, name: str) -> str | None:
    """Say why the kernel in use is not the one of this source; None if it is.

    Args:
        kernel: The compiled module, None where there is none.
        name: What the kernel in use is called.
    """
    again = (
        "`cargo build` in kernel/ says why, `python3 -m uv sync "
        "--reinstall-package atproto-repoview` tries again"
    )
    if kernel is None:
        return f"there is no compiled kernel: {again}"
    if name != "compiled":
        return f"the kernel in use is {name}, not compiled"
    built, here = str(kernel.SOURCE), source_hash()
    if built != here:
        return f"the compiled kernel is of another source: {again}"
    return None


def main() -> int:
    """Print what kernel is in use, and whether it is of this source."""
    from repoview.core.kernel import kernel  # noqa: PLC0415 (a hash needs none)

    compiled = sys.modules.get("repoview.core._kernel")
    wrong = wrong_kernel(compiled, kernel.NAME)
    if wrong is not None:
        sys.stderr.write(f"{wrong}\n")
        return 1
    sys.stdout.write(f"The compiled kernel in use is of this source: {source_hash()}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
