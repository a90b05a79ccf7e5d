"""Give a wheel the tag that fits what is in it; all else is in pyproject.toml.

The compiled kernel uses the stable ABI of CPython 3.11, so that one wheel
serves all later versions. Where there is no Rust the wheel goes without it, and
then any machine and any Python can use it.
"""

from __future__ import annotations

from pathlib import Path

from setuptools import setup
from setuptools.command.bdist_wheel import bdist_wheel


class TaggedWheel(bdist_wheel):
    """A wheel for the stable ABI with the kernel, for any machine without it."""

    def run(self) -> None:
        """Build first, since only then is it known whether there is a kernel."""
        self.run_command("build")
        if not self._has_kernel():
            self.root_is_pure = True
            self.py_limited_api = False
        super().run()

    def _has_kernel(self) -> bool:
        build = self.get_finalized_command("build")
        core = Path(build.build_lib, "repoview", "core")
        return any(core.glob("_kernel*.so")) or any(core.glob("_kernel*.pyd"))


setup(
    cmdclass={"bdist_wheel": TaggedWheel},
    options={"bdist_wheel": {"py_limited_api": "cp311"}},
)
