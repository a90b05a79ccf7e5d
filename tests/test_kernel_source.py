"""Facts about telling one source of the compiled kernel from another."""

from __future__ import annotations

import shutil
from types import ModuleType
from typing import TYPE_CHECKING

import pytest

from tests.conftest import KERNELS
from tests.kernel_source import CRATE, source_hash, wrong_kernel

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def crate(tmp_path: Path) -> Path:
    """A copy of the crate, to change."""
    no_target = shutil.ignore_patterns("target")
    return shutil.copytree(CRATE, tmp_path / "kernel", ignore=no_target)


@pytest.mark.skipif("compiled" not in KERNELS, reason="no compiled kernel is here")
def test_the_compiled_kernel_is_of_this_source() -> None:
    """Else nothing that was tested on it says anything about what stands here."""
    assert wrong_kernel(KERNELS["compiled"], "compiled") is None


def test_a_copy_has_the_same_hash(crate: Path) -> None:
    """Wherever it lies, and whatever was built in it."""
    (crate / "target").mkdir()
    (crate / "target" / "built.rs").write_text("// made by cargo\n")
    (crate / "src" / "notes.txt").write_text("not compiled\n")
    assert source_hash(crate) == source_hash()


@pytest.mark.parametrize(
    "name",
    [
        "Cargo.toml",
        "build.rs",
        "src/lib.rs",
        "src/seam/mod.rs",
        "heap/Cargo.toml",
        "heap/src/lib.rs",
        "sha256x2/Cargo.toml",
        "sha256x2/src/lib.rs",
        "src/new.rs",
    ],
)
def test_every_file_counts(crate: Path, name: str) -> None:
    """One byte more in any of them is another source; so is one more file."""
    with (crate / name).open("ab") as file:
        file.write(b"\n")
    assert source_hash(crate) != source_hash()


def test_names_count(crate: Path) -> None:
    """The same bytes in another file are another source."""
    (crate / "src" / "cid.rs").rename(crate / "src" / "cids.rs")
    assert source_hash(crate) != source_hash()


def built_of(source: str) -> ModuleType:
    """Return a compiled kernel that says it was built of *source*."""
    kernel = ModuleType("kernel")
    kernel.__dict__["SOURCE"] = source
    return kernel


@pytest.mark.parametrize(
    ("kernel", "name", "said"),
    [
        (None, "python", "there is no compiled kernel"),
        (built_of(source_hash()), "python", "the kernel in use is python"),
        (built_of(source_hash()), "compiled-debug", "in use is compiled-debug"),
        (built_of("0" * 64), "compiled", "is of another source"),
    ],
)
def test_what_is_not_this_kernel(
    kernel: ModuleType | None, name: str, said: str
) -> None:
    """Is told from it, and said."""
    assert said in (wrong_kernel(kernel, name) or "")
