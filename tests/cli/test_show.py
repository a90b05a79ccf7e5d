"""Facts about `repoview show`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from repoview.core.cid import RAW, Cid
from repoview.core.formats.car import encode_header, encode_section, write_car
from repoview.core.formats.dagcbor import strict as dagcbor
from repoview.core.formats.mst_build import build_tree
from repoview.core.repo.repo import Repo
from repoview.present import json_text
from tests.cli.conftest import LITTLE, damaged_top, on_terminal, saved
from tests.core.repos import DID, car_of, make_repo, many, parts_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from subprocess import Popen

    from tests.cli.conftest import Program

PROFILE = "app.bsky.actor.profile/self"


def test_a_record_is_shown_as_json(run: Program, sample: Path) -> None:
    """By its path."""
    outcome = run("show", sample, PROFILE)

    with Repo.load(sample) as repo:
        record = repo.get(PROFILE)
        assert record is not None
        assert outcome.out == json_text(record.value) + "\n"
    assert outcome.json["$type"] == "app.bsky.actor.profile"
    assert (outcome.code, outcome.err) == (0, "")


def test_its_at_uri_names_it_too(run: Program, sample: Path) -> None:
    """If it is of this account."""
    with Repo.load(sample) as repo:
        uri = repo.record(0).at_uri
    assert run("show", sample, uri).out == run("show", sample, PROFILE).out
    outcome = run("show", sample, "at://did:plc:other/app.bsky.actor.profile/self")
    assert outcome.code == 1
    assert "this repository is of did:plc:" in outcome.err


def test_any_block_is_shown_by_cid(run: Program, sample: Path) -> None:
    """Commit, node and record alike."""
    with Repo.load(sample) as repo:
        assert repo.commit is not None
        commit, top = repo.commit.cid, repo.tree.node(0).cid
        record, path = repo.record(3).cid, repo.record(3).path
    assert run("show", sample, str(commit)).json["version"] == 3
    assert set(run("show", sample, str(top)).json) == {"e", "l"}
    assert run("show", sample, str(record)).out == run("show", sample, path).out


def test_hex_shows_every_byte(run: Program, sample: Path) -> None:
    """Sixteen a line, beside their ASCII."""
    with Repo.load(sample) as repo:
        data = repo.record(0).data
    lines = run("show", sample, PROFILE, "--hex").out.splitlines()

    shown = b"".join(bytes.fromhex(line[10:58]) for line in lines)
    assert shown == data
    assert lines[1].startswith("00000010  ")
    assert lines[0].endswith(
        "|" + "".join(chr(b) if 32 <= b < 127 else "." for b in data[:16]) + "|"
    )


def test_annotate_gives_every_byte_its_meaning(run: Program, sample: Path) -> None:
    """With -v, all bytes of long texts too."""
    with Repo.load(sample) as repo:
        data = repo.record(0).data
    page = run("show", sample, PROFILE, "--annotate", "-v").out

    shown = b"".join(bytes.fromhex(line[6:29]) for line in page.splitlines())
    assert shown == data
    assert 'key "$type"' in page
    assert '"app.bsky.actor.profile"' in page
    cut = run("show", sample, PROFILE, "--annotate").out
    assert "more bytes" in cut
    assert len(cut) < len(page)


def test_raw_bytes_come_as_they_are(
    process: Callable[..., Popen[bytes]], sample: Path
) -> None:
    """Into a pipe."""
    out, err = process("show", sample, PROFILE, "--raw").communicate()
    with Repo.load(sample) as repo:
        assert out == repo.record(0).data
    assert err == b""


def test_raw_bytes_are_not_sent_to_a_terminal(sample: Path) -> None:
    """They would upset it."""
    code, drawn = on_terminal("show", sample, PROFILE, "--raw")
    assert code == 2
    assert "use --hex" in drawn


def test_verbose_tells_what_it_is_and_where(run: Program, sample: Path) -> None:
    """On stderr, so that stdout stays JSON."""
    outcome = run("show", sample, PROFILE, "-v")
    assert outcome.json == run("show", sample, PROFILE).json
    assert f"record 0 of {60}" in outcome.err
    assert "at byte" in outcome.err


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (
            "com.example.kind/3lscuqc52or2y",
            "did you mean com.example.kind/3lscuqc52or2x",
        ),
        ("com.example.knd/self", "did you mean com.example.kind/self?"),
        ("com.example.kint/zzz", "did you mean com.example.kind/"),
        ("com.example.kind", "is a collection of 2 records: name one, such as"),
        ("org.nowhere/x", "there is no record org.nowhere/x: see repoview ls"),
        ("\x1b]0;x", "there is no record ␛]0;x"),
    ],
)
def test_a_near_miss_is_answered_with_what_may_be_meant(
    run: Program, tmp_path: Path, asked: str, told: str
) -> None:
    """Another key of the collection, or the key in another one."""
    paths = ("com.example.kind/3lscuqc52or2x", "com.example.kind/self")
    path = saved(tmp_path / "x.car", make_repo({each: {} for each in paths}))

    outcome = run("show", path, asked)

    assert (outcome.code, outcome.out) == (1, "")
    assert told in outcome.err
    assert outcome.err.count("\n") == 1


def test_a_cid_that_is_not_there(run: Program, sample: Path) -> None:
    """Is told as such."""
    outcome = run("show", sample, str(Cid.for_block(b"no")))
    assert outcome.code == 1
    assert "the file holds no block" in outcome.err


def test_absence_is_not_claimed_where_a_hole_is(run: Program, tmp_path: Path) -> None:
    """The record may be in the part that is missing."""
    data = make_repo({f"com.example.kind/{n:03}": {} for n in range(200)})
    with Repo.load(data) as repo:
        keep = repo.tree.node(0).cid
        top = repo.block(keep)
        assert repo.commit is not None
        commit = repo.block(repo.commit.cid)
    parts = [encode_header([commit.cid])]
    parts += [encode_section(each.cid, each.data) for each in (commit, top)]
    path = saved(tmp_path / "x.car", b"".join(parts))

    outcome = run("show", path, "com.example.kind/000x")

    assert outcome.code == 10
    assert "it may exist" in outcome.err
    assert "there is no record" not in outcome.err


def test_absence_is_not_claimed_without_a_commit(run: Program, tmp_path: Path) -> None:
    """A tree that nothing names proves nothing."""
    data = make_repo(many(30))
    head, parts = parts_of(data)
    path = saved(tmp_path / "headless.car", car_of(data, head, parts[1:]))
    outcome = run("show", path, "com.example.kind0/none")
    assert outcome.code == 12
    assert "but the file holds no commit: it may exist" in outcome.err


@pytest.mark.usefixtures("little_memory")
def test_absence_is_not_claimed_where_reading_ended(
    run: Program, cut_walk: Path
) -> None:
    """The limit is ours, and says nothing about the repository."""
    path = "com.example.kind/19999"
    outcome = run("show", cut_walk, path, *LITTLE)
    assert outcome.code == 10
    assert f"no record {path} was found, but the tree was not read" in outcome.err


def test_a_missing_record_cannot_be_shown(
    run: Program, broken: dict[int, Path]
) -> None:
    """Its path and CID are known, its bytes are not there."""
    with Repo.load(broken[10]) as repo:
        path = next(r.path for r in repo.records() if r.state == "missing")
    outcome = run("show", broken[10], path)
    assert (outcome.code, outcome.out) == (10, "")
    assert f"{path} cannot be shown: the file holds no block" in outcome.err


def test_damaged_bytes_are_shown_as_bytes_only(
    run: Program, sample_bytes: bytes, tmp_path: Path
) -> None:
    """They are marked as damaged."""
    path = saved(tmp_path / "x.car", damaged_top(sample_bytes))
    with Repo.load(sample_bytes) as repo:
        cid = str(repo.tree.node(0).cid)

    assert "does not hash" in run("show", path, cid).err
    outcome = run("show", path, cid, "--hex")
    assert (
        outcome.out
        != run("show", saved(tmp_path / "y.car", sample_bytes), cid, "--hex").out
    )
    assert outcome.code == 11


def test_findings_about_the_record_are_told(
    run: Program, broken: dict[int, Path]
) -> None:
    """On stderr; the tree is sound, so the answer stands."""
    outcome = run("show", broken[13], "com.example.kind/a")
    assert outcome.code == 0
    assert outcome.json == {"$type": "com.example.other"}
    assert outcome.err.startswith("repoview: REC005 error: ")
    assert run("show", broken[13], "com.example.kind/a", "-q").err == ""


def test_a_record_that_is_not_dag_cbor_is_bytes(run: Program, tmp_path: Path) -> None:
    """In JSON as bytes; with --annotate in hex."""
    data = b"\xffraw"
    cid = Cid.for_block(data, RAW)
    record = dagcbor.encode({"$type": "com.example.kind", "a": cid})
    path = saved(tmp_path / "x.car", b"")
    blocks: list[tuple[Cid, bytes]] = []
    entries = [(b"com.example.kind/a", Cid.for_block(record))]
    top = build_tree(entries, lambda *block: blocks.append(block))
    out = bytearray()
    write_car(
        out.extend, [top], [*blocks, (Cid.for_block(record), record), (cid, data)]
    )
    saved(path, bytes(out))

    shown = run("show", path, str(cid), "--profile", "mst-only")
    assert json.loads(shown.out) == {"$bytes": "/3Jhdw"}
    annotated = run("show", path, str(cid), "--annotate", "--profile", "mst-only")
    assert "ff 72 61 77" in annotated.out
    assert "not DAG-CBOR" in annotated.err


def test_hostile_text_moves_no_cursor(tmp_path: Path) -> None:
    """In none of the forms a record is shown in."""
    text = "\x1b]52;c;eA==\x07\x9b2J\u202e\U000e0041[@click=quit]"
    value: dagcbor.Value = {"$type": "com.example.kind", "text": text, text: 1}
    path = saved(tmp_path / "x.car", make_repo({"com.example.kind/a": value}))

    for form in ((), ("--annotate",), ("--annotate", "-v"), ("--hex",), ("-v",)):
        code, drawn = on_terminal(
            "show", path, "com.example.kind/a", *form, "--no-color"
        )
        assert code == 0
        assert not any(c in drawn for c in "\x1b\x07\x9b\u202e\U000e0041")
    assert DID in on_terminal("info", path)[1]


def test_a_block_is_taken_apart(run: Program, sample: Path) -> None:
    """From the length of its section to the bits of its heads."""
    page = run("show", sample, PROFILE, "--anatomy").out
    assert "The section around it" in page
    assert "version 1 of CIDs" in page
    assert "101 00" in page
    header = run("show", sample, "header", "--anatomy").out
    assert 'key "roots"' in header
    assert run("show", sample, "header").code == 1


def test_what_is_shown_is_explained(run: Program, sample: Path) -> None:
    """A record by its path, a node by its CID; what is not there is an error."""
    assert "This record" in run("show", sample, PROFILE, "--explain").out
    tree = run("mst", sample, "--json").json
    node = run("show", sample, tree["nodes"][1]["cid"], "--explain").out
    assert "why not a list?" in node
    assert "It is the commit" in run("show", sample, tree["commit"], "--explain").out
    assert run("show", sample, "a.b.c/nothing", "--explain").code == 1
