"""Facts about what repoview builds on: what loads it, and what it is there for."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from repoview.sample import write_sample

if TYPE_CHECKING:
    from collections.abc import Iterable

ROOT = Path(__file__).resolve().parents[1]


def names_of(requirements: Iterable[str]) -> set[str]:
    """Return the packages that requirements are about."""
    found = [re.match(r"[\w.-]+", each) for each in requirements]
    return {match[0].lower() for match in found if match}


def toml(path: str) -> dict[str, Any]:
    """Return what stands in a file of this project."""
    return tomllib.loads((ROOT / path).read_text(encoding="utf-8"))


PROJECT: Final = toml("pyproject.toml")
CRATES: Final = [
    toml(path.relative_to(ROOT).as_posix())
    for path in [ROOT / "kernel/Cargo.toml", *ROOT.glob("kernel/*/Cargo.toml")]
]
AT_RUN_TIME: Final = names_of(PROJECT["project"]["dependencies"])

USE: Final = """
import io, json, sys
import repoview

with repoview.open(sys.argv[1]) as repo:
    values = [record.value for record in repo.records()]
    repo.record(0).json()
    repo.report.to_json()
    for form in ("jsonl", "json", "csv", "md", "zip", "car"):
        assert repoview.export.write(repo, io.BytesIO(), form).records == len(values)
with repoview.Repo.load(sys.argv[1]) as repo:
    list(repo.search("a")), list(repo.containing("a")), repo.shape
with repoview.stream(sys.argv[1]) as stream:
    assert len(list(stream)) == len(values)
print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})))
"""


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with a repository."""
    path = tmp_path_factory.mktemp("dependencies") / "sample.car"
    with path.open("wb") as file:
        write_sample(file.write, 60)
    return path


def test_use_of_the_library_loads_what_decodes_and_no_more(sample: Path) -> None:
    """No screens, no command line, and nothing that signs."""
    done = subprocess.run(
        [sys.executable, "-c", USE, sample],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert AT_RUN_TIME & set(json.loads(done.stdout)) <= {"cbor2"}


def test_the_page_of_dependencies_has_each_of_them() -> None:
    """In its table, with what it is for; and no other."""
    page = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    tables = [
        dict(re.findall(r"^\| `(.+?)` \| (.+?) \|", table, re.MULTILINE))
        for table in re.split(r"\n\n", page)
        if table.startswith("| ")
    ]
    groups = PROJECT["dependency-groups"]
    kinds = ("dependencies", "build-dependencies", "dev-dependencies")
    assert [table.keys() for table in tables] == [
        AT_RUN_TIME,
        names_of(PROJECT["build-system"]["requires"]),
        {name for of in CRATES for kind in kinds for name in of.get(kind, ())},
        names_of(groups["dev"]),
        names_of(groups["lint"]),
    ]
    assert set(groups) == {"dev", "lint"}
    assert ("There are no extras" in page) == (
        "optional-dependencies" not in PROJECT["project"]
    )


def test_crates_have_no_version_of_their_own() -> None:
    """They are built for the package alone, and its version is written once."""
    assert len(CRATES) > 1
    assert not any("version" in crate["package"] for crate in CRATES)
