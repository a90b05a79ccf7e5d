"""Facts about `repoview ls`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from repoview.core.cid import Cid
from repoview.core.formats.car import write_car
from repoview.core.formats.mst_build import build_tree
from repoview.core.repo.repo import Repo
from tests.cli.conftest import RECORDS, on_terminal, saved
from tests.core.repos import car_of, make_repo, many, parts_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Program

ODD = "com.example.kind/a\tb\nc\\d\x1b\u202e"


def test_a_line_is_path_tab_cid(run: Program, sample: Path) -> None:
    """For every record, in key order."""
    lines = run("ls", sample).out.splitlines()

    with Repo.load(sample) as repo:
        assert lines == [f"{r.path}\t{r.cid}" for r in repo.records()]
    assert lines == sorted(lines)
    assert len(lines) == RECORDS


def test_a_prefix_chooses(run: Program, sample: Path) -> None:
    """Only paths that begin with it."""
    lines = run("ls", sample, "app.bsky.feed.").out.splitlines()
    assert lines
    assert all(line.startswith("app.bsky.feed.") for line in lines)


def test_an_at_uri_of_this_repository_is_a_prefix(run: Program, sample: Path) -> None:
    """Its authority must be the account's."""
    with Repo.load(sample) as repo:
        assert repo.commit is not None
        uri = f"at://{repo.commit.did}/app.bsky.feed."
    assert run("ls", sample, uri).out == run("ls", sample, "app.bsky.feed.").out
    outcome = run("ls", sample, "at://did:web:example.com/app")
    assert outcome.code == 1
    assert "is of did:web:example.com" in outcome.err


def test_a_prefix_that_chooses_none_is_told(run: Program, sample: Path) -> None:
    """Nothing is printed, and nothing is wrong."""
    outcome = run("ls", sample, "zz")
    assert (outcome.code, outcome.out) == (0, "")
    assert outcome.err == f"repoview: no record of {sample} begins with zz\n"


def test_collections_have_counts(run: Program, sample: Path) -> None:
    """A line each, in key order."""
    out = run("ls", sample, "--collections").out
    with Repo.load(sample) as repo:
        assert out == "".join(f"{c.name}\t{c.count}\n" for c in repo.collections)
    some = run("ls", sample, "app.bsky.feed.", "--collections").out
    assert some
    assert some in out


def test_json_is_one_array(run: Program, sample: Path) -> None:
    """Path, CID and AT URI of each."""
    objects = run("ls", sample, "--json").json
    with Repo.load(sample) as repo:
        assert objects == [
            {"uri": r.at_uri, "path": r.path, "cid": str(r.cid), "missing": False}
            for r in repo.records()
        ]
    assert run("ls", sample, "zz", "--json").json == []
    collections = run("ls", sample, "--collections", "--json").json
    assert sum(each["count"] for each in collections) == RECORDS


def test_nothing_in_a_path_ends_a_field(run: Program, tmp_path: Path) -> None:
    """TAB, newline and backslash are escaped, the rest goes as it is."""
    path = saved(tmp_path / "x.car", make_repo({ODD: {}}))

    outcome = run("ls", path)

    shown, cid = outcome.out[:-1].split("\t")
    assert shown == "com.example.kind/a\\tb\\nc\\\\d\x1b\u202e"
    assert cid.startswith("bafyrei")
    assert run("ls", path, "--json").json[0]["path"] == ODD


def test_a_terminal_is_sent_nothing_it_would_obey(tmp_path: Path) -> None:
    """Pictures stand for what a path hides."""
    path = saved(tmp_path / "x.car", make_repo({ODD: {}}))

    for arguments in (("ls", path), ("ls", path, "--json"), ("mst", path)):
        code, drawn = on_terminal(*arguments, "--no-color")
        assert code == 11
        assert "\x1b" not in drawn
        assert "\u202e" not in drawn


def test_bytes_that_are_not_utf8_stand_as_hex(run: Program, tmp_path: Path) -> None:
    r"""``\xNN`` in the path, and the whole key beside it in JSON."""
    key = b"com.example.kind/\xff\\"
    blocks: list[tuple[Cid, bytes]] = []
    record = b"\xa1\x65$type\x61x"
    top = build_tree([(key, Cid.for_block(record))], lambda *b: blocks.append(b))
    out = bytearray()
    write_car(out.extend, [top], [*blocks, (Cid.for_block(record), record)])
    path = saved(tmp_path / "x.car", bytes(out))

    line = run("ls", path, "--profile", "mst-only").out
    (found,) = run("ls", path, "--profile", "mst-only", "--json").json

    assert line.startswith("com.example.kind/\\xff\\\\\t")
    assert found["path"] == "com.example.kind/\\xff\\"
    assert bytes.fromhex(found["key_hex"]) == key


def test_a_file_that_was_cut_off_is_said_to_be(
    run: Program, sample_bytes: bytes, tmp_path: Path
) -> None:
    """Where, and what is missing; a damaged record is named."""
    cut = parts_of(sample_bytes)[1][-9].offset
    path = saved(tmp_path / "cut.car", sample_bytes[: cut + 45])
    assert f"missing; the file is cut off at byte {cut:,}\n" in run("ls", path).err

    damaged = bytearray(sample_bytes)
    damaged[-1] ^= 1
    path = saved(tmp_path / "damaged.car", bytes(damaged))
    outcome = run("ls", path)
    last = outcome.out.splitlines()[-1].partition("\t")[0]
    assert f"is invalid: 1 record is damaged: {last} (see" in outcome.err


@pytest.mark.parametrize("code", [10, 11, 12])
def test_what_there_is_is_listed(
    run: Program, broken: dict[int, Path], code: int
) -> None:
    """And the exit code and stderr say that it may not be all."""
    outcome = run("ls", broken[code])

    assert outcome.code == code
    assert outcome.err.count("\n") == 1
    if code == 10:
        assert outcome.out.count("\n") == RECORDS


def test_a_record_whose_block_is_not_there_is_marked(
    run: Program, tmp_path: Path
) -> None:
    """In a third field, so that the first two are what they always are."""
    path = saved(tmp_path / "some.car", make_repo(many(50), leave_out=20))
    with Repo.load(path) as repo:
        missing = {r.path for r in repo.records() if r.state == "missing"}
        cids = {r.path: str(r.cid) for r in repo.records()}
    assert len(missing) == 20
    outcome = run("ls", path)
    fields = [line.split("\t") for line in outcome.out.splitlines()]
    assert {name: cid for name, cid, *_ in fields} == cids
    assert {name for name, _, *more in fields if more} == missing
    assert {tuple(more) for _, _, *more in fields} == {(), ("missing",)}
    told = run("ls", path, "--json").json
    assert {each["path"] for each in told if each["missing"]} == missing
    last = run("ls", path, max(missing)).out
    assert last == f"{max(missing)}\t{cids[max(missing)]}\tmissing\n"


def test_blocks_without_a_root_are_listed_by_what_they_hold(
    run: Program, sample: Path, tmp_path: Path
) -> None:
    """Nodes and records; the verdict stays, as there is no repository."""
    data = sample.read_bytes()
    head = bytearray()
    write_car(head.extend, [], [])
    _, parts = parts_of(data)
    some = [*parts[1:30], parts[40]]
    path = saved(tmp_path / "blocks.car", car_of(data, bytes(head), some))
    outcome = run("ls", path)
    assert outcome.code == 12
    assert "it looks like a response of getBlocks" in outcome.err
    lines = [line.split("\t") for line in outcome.out.splitlines()]
    assert [line[0] for line in lines] == [str(part.cid) for part in some]
    assert {line[1] for line in lines} == {"node", "record"}
    name = next(line[2] for line in lines if line[1] == "record")
    chosen = run("ls", path, name).out.splitlines()
    assert chosen == ["\t".join(line) for line in lines if line[2] == name]
    objects = run("ls", path, "--json").json
    assert [each["cid"] for each in objects] == [line[0] for line in lines]
    for command in ("info", "verify"):
        page = run(command, path).out
        assert f"Blocks ({len(some)})" in page
        assert f"  {lines[0][0]}\n    node, " in page
        assert f"repoview ls {path} lists all of them" in page
