"""Give a wheel the tag that fits what is in it, and the package its readme.

All else is in pyproject.toml. The compiled kernel uses the stable ABI of
CPython 3.11, so that one wheel serves all later versions. Where there is no Rust
the wheel goes without it, and then any machine and any Python can use it.

The package index shows README.md where neither its pictures nor its links lead
anywhere, so the package has it without them.
"""

from __future__ import annotations

import re
from pathlib import Path

from setuptools import setup
from setuptools.command.bdist_wheel import bdist_wheel

_SOURCE_ONLY = "<!-- only with the source -->\n"
_EVERYWHERE = "<!-- everywhere -->\n\n"


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


def package_readme() -> str:
    """Return README.md without what makes sense only beside the source.

    That is what stands between its two comments, and the targets of links.
    """
    text = Path("README.md").read_text(encoding="utf-8")
    text = re.sub(f"{_SOURCE_ONLY}.*?{_EVERYWHERE}", "", text, flags=re.DOTALL)
    return re.sub(r"\[([^\]]*)\]\((?!https:)[^)]*\)", r"\1", text)


setup(
    cmdclass={"bdist_wheel": TaggedWheel},
    long_description=package_readme(),
    long_description_content_type="text/markdown",
    options={"bdist_wheel": {"py_limited_api": "cp311"}},
)
