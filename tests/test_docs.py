"""Facts about the documents: what they say runs, and links lead somewhere."""

from __future__ import annotations

import gc
import io
import json
import re
from pathlib import Path

import pytest

from repoview import Answer, Cid, Repo, SelectionError
from repoview.core.selection.fields import FIELDS
from repoview.corpus import sample
from repoview.corpus.cases.frames import event
from repoview.present.explained import explained_object
from repoview.present.selections import pointed_lines
from repoview.sample import write_sample
from tests.installed import lost_links

ROOT = Path(__file__).resolve().parents[1]


def blocks(page: str) -> list[str]:
    """Return the Python of a page, block by block."""
    text = (ROOT / page).read_text()
    return re.findall(r"```python\n(.*?)```", text, re.DOTALL)


def keys_of(value: object) -> object:
    """Return the names in some JSON, as deep as they go; of a list, of its first."""
    if isinstance(value, dict):
        return {name: keys_of(value[name]) for name in sorted(value)}
    return keys_of(value[0]) if isinstance(value, list) and value else None


def test_the_report_has_the_keys_that_the_page_shows() -> None:
    """All of them, and no others."""
    page = (ROOT / "docs" / "cli.md").read_text()
    shown, paths, *_ = re.findall(r"```json\n(.*?)```", page, re.DOTALL)
    data = sample().car().without(sample().last_entry.cid).data
    with Repo.load(data) as repo:
        told = repo.report.to_json()
        proof = repo.prove("a.b.c/1").to_json(Answer.PRESENT)
    assert keys_of(json.loads(paths)) == {"paths": keys_of(proof)}
    assert keys_of(json.loads(shown)) | {"cids": None} == keys_of(told) | {"cids": None}
    assert json.loads(shown)["cids"].keys() == told["cids"].keys()


def test_an_explanation_has_the_keys_that_the_page_shows() -> None:
    """All of them, and no others."""
    page = (ROOT / "docs" / "cli.md").read_text()
    (shown,) = re.findall(r"```json\n(\{\"id\".*?)```", page, re.DOTALL)
    told = explained_object("CAR023")
    assert keys_of(json.loads(shown) | {"readers": None}) == keys_of(
        told | {"readers": None}
    )
    readers = explained_object("MST005")["readers"]
    assert json.loads(shown)["readers"].keys() == readers.keys()
    assert keys_of(json.loads(shown)["readers"]["detect"]) == keys_of(readers["detect"])


@pytest.mark.parametrize("page", ["README.md", "docs/fleet.md", "docs/library.md"])
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_the_python_of_a_page_runs(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On the files that it names."""
    monkeypatch.chdir(tmp_path)
    for name in ("repo.car", "slice.car", "tree.car"):
        with Path(name).open("wb") as file:
            write_sample(file.write, 60)
    Path("event.frame").write_bytes(event().data)
    with Repo.load("repo.car") as repo:
        names = {
            "repo": repo,
            "cid": Cid.parse(str(repo.tree.node(0).cid)),
            "finding": repo.report.findings[0],
        }
        for block in blocks(page):
            exec(block, names)  # noqa: S102 (our own documents)
            names["repo"] = repo
    # Functions of the page hold what it did not close: it goes here, where
    # that is no fault, and not in the middle of another test.
    names.clear()
    gc.collect()


def selections_of(page: str) -> list[str]:
    """Return what stands as code in the first column of tables of selections."""
    tables = re.findall(
        r"^\| (?:term|selection|condition|value) \|.*\n\|.*\n((?:\|.*\n)+)",
        page,
        re.MULTILINE,
    )
    cells = [row.split(" | ")[0] for table in tables for row in table.splitlines()]
    found = [code for cell in cells for code in re.findall(r"(`+)(.+?)\1", cell)]
    return [text for _, text in found] + re.findall(r"-s '(.*)'\n", page)


@pytest.mark.parametrize("page", ["docs/selections.md", "docs/cli.md"])
def test_the_selections_of_a_page_are_some(page: str) -> None:
    """On the sample; what is shown to be none is pointed at as is shown."""
    text = (ROOT / page).read_text()
    sample = io.BytesIO()
    write_sample(sample.write, 60)
    found = selections_of(text)
    assert len(found) > 2
    with Repo.load(sample.getvalue()) as repo:
        for each in found:
            try:
                list(repo.select(each))
            except SelectionError as error:
                shown = "\n  ".join([f"repoview: {error}", *pointed_lines(error)])
                assert shown in text


def test_the_page_about_selections_has_every_field() -> None:
    """With its meaning in other words."""
    used = " ".join(selections_of((ROOT / "docs" / "selections.md").read_text()))
    assert not [name for name in FIELDS if f"{name}:" not in used]


def test_links_between_documents_lead_somewhere() -> None:
    """To files of this project; pictures too."""
    for page in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]:
        for target in lost_links(page.read_text()):
            path = page.parent / target.partition("#")[0]
            assert path.exists(), f"{page.name}: {target}"


def test_pictures_of_documents_are_distributed_with_them() -> None:
    """By their names: there are many more, drawn for those who build the explorer."""
    manifest = (ROOT / "MANIFEST.in").read_text().split()
    for page in [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]:
        for picture in re.findall(r"screenshots/[\w-]+\.png", page.read_text()):
            assert picture in manifest, f"{page.name}: {picture}"
