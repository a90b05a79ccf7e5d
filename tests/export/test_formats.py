"""Facts about what goes out, and in which formats."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from repoview.core.cid import RAW, Cid
from repoview.core.errors import NotFound
from repoview.core.findings.findings import Profile
from repoview.core.formats.car import sections, write_car
from repoview.core.formats.car_header import read_header
from repoview.core.formats.dagcbor import strict as dagcbor
from repoview.core.formats.mst_build import build_tree
from repoview.core.repo.repo import Repo
from repoview.core.verify.verify import Checks
from repoview.export.formats import FORMATS, Written, format_of, note_partly
from repoview.export.select import Selection
from repoview.export.writing import lost_texts
from tests.core.repos import make_repo, many
from tests.vectors import report

if TYPE_CHECKING:
    from collections.abc import Sequence

    from repoview.core.load.result import Progress

BARE = Checks(profile=Profile.MST_ONLY)


def exported(
    repo: Repo, name: str, numbers: Sequence[int] | None = None
) -> tuple[bytes, Written]:
    """Return what a format writes of some records, or all."""
    out = bytearray()
    chosen = range(len(repo)) if numbers is None else numbers
    written = FORMATS[name].writer(repo, chosen, out.extend, lambda _: None)
    return bytes(out), written


def blocks_of(car: bytes) -> list[Cid]:
    """Return the CIDs of a CAR's blocks, in the order of the file."""
    header, _ = read_header(car, offset=0, available=len(car))
    assert header is not None
    return [each.cid for each in sections(car[header.end :], offset=header.end)]


def bare_tree(records: dict[bytes, tuple[Cid, bytes]]) -> bytes:
    """Return a CAR whose root is the top node of these records."""
    blocks = list(dict.fromkeys(records.values()))
    nodes: list[tuple[Cid, bytes]] = []
    entries = [(key, records[key][0]) for key in sorted(records)]
    top = build_tree(entries, lambda *block: nodes.append(block))
    out = bytearray()
    write_car(out.extend, [top], [*nodes, *blocks])
    return bytes(out)


class TestFormats:
    """Which format there is for which name."""

    @pytest.mark.parametrize(
        ("name", "form"),
        [
            ("x.jsonl", "jsonl"),
            ("a/b.NDJSON", "jsonl"),
            ("x.car", "car"),
            ("x.car.gz", "car"),
            ("x.CSV.zst", "csv"),
            ("x.sqlite.gz", None),
            ("x.zip.gz", None),
            ("x.gz", None),
            ("a.json/", "folder"),
            ("x.db", "sqlite"),
            ("car", None),
            ("", None),
            ("-", None),
        ],
    )
    def test_a_suffix_tells_the_format(self, name: str, form: str | None) -> None:
        """Whatever its case."""
        found = format_of(name)
        assert (None if found is None else found.name) == form

    @pytest.mark.parametrize("name", sorted(FORMATS.keys() - {"parquet", "sqlite"}))
    def test_progress_ends_the_writing_when_it_raises(self, name: str) -> None:
        """That is how one cancels."""

        def stop(progress: Progress) -> None:
            assert progress.total == 700
            if progress.done:
                raise KeyboardInterrupt

        with Repo.load(make_repo(many(700))) as repo, pytest.raises(KeyboardInterrupt):
            FORMATS[name].writer(repo, range(700), lambda _: None, stop)


class TestSelection:
    """Which records are meant."""

    @pytest.fixture
    def repo(self) -> Repo:
        """Thirty records of three collections."""
        return Repo.load(make_repo(many(30)))

    def test_nothing_named_is_everything(self, repo: Repo) -> None:
        """All records, by number."""
        assert Selection().numbers(repo) == range(30)

    def test_names_add_up_in_key_order(self, repo: Repo) -> None:
        """Each record once."""
        path = repo.record(25).path
        chosen = Selection(("com.example.kind1",), ("com.example.kind1/00",), (path,))
        assert chosen.numbers(repo) == [*range(10, 20), 25]

    def test_one_collection_is_a_range(self, repo: Repo) -> None:
        """However large it is."""
        chosen = Selection(("com.example.kind2",))
        assert chosen.numbers(repo) == range(20, 30)
        assert not chosen.is_everything

    @pytest.mark.parametrize(
        "chosen",
        [
            Selection(("com.example.kin",)),
            Selection((), ("x",)),
            Selection((), (), ("com.example.kind0/x",)),
            Selection((), (), ("\ud800",)),
        ],
    )
    def test_what_is_not_there_is_an_error(self, repo: Repo, chosen: Selection) -> None:
        """Rather than an empty file."""
        with pytest.raises(NotFound):
            chosen.numbers(repo)


class TestJsonl:
    """Records as JSON lines."""

    def test_a_line_has_what_names_and_what_is_named(self) -> None:
        """AT URI, path, CID, value."""
        value: dagcbor.Value = {"$type": "a.b.c", "text": "\x1b\u2028é", "b": b"\0"}
        with Repo.load(make_repo({"a.b.c/d": value})) as repo:
            out, written = exported(repo, "jsonl")
            record = repo.record(0)
            assert json.loads(out) == {
                "uri": record.at_uri,
                "path": "a.b.c/d",
                "cid": str(record.cid),
                "value": {
                    "$type": "a.b.c",
                    "text": "\x1b\u2028é",
                    "b": {"$bytes": "AA"},
                },
            }
        assert out.count(b"\n") == 1
        assert len(out.decode().splitlines()) == 1
        assert (written.records, written.missing, written.partly) == (1, 0, 0)

    def test_a_broken_record_goes_out_as_far_as_it_can_be_read(self) -> None:
        """And is counted."""
        data = bytes.fromhex("a2616101616102")
        record = Cid.for_block(data), data
        with Repo.load(bare_tree({b"a.b.c/d": record}), checks=BARE) as repo:
            out, written = exported(repo, "jsonl")
        assert json.loads(out)["value"] == {"a": 1}
        assert written.partly == 1

    def test_records_that_lose_something_are_named(self) -> None:
        """And no others, whatever rule they break."""
        with Repo.load(report("odd-values.car").read_bytes()) as repo:
            out, written = exported(repo, "jsonl")
        lines = [json.loads(line) for line in out.splitlines()]
        assert written.records == len(lines) == 18
        assert written.partly_names == [
            f"com.example.reading/{name}"
            for name in ("bignum-tag", "dup", "inf", "nan", "undefined")
        ]
        (said,) = lost_texts(written)
        assert said.startswith("5 records could be decoded only in part (com.example")
        assert "com.example.reading/undefined" in said

    def test_a_warning_loses_nothing(self) -> None:
        """A large integer is written with all its digits."""
        with Repo.load(report("big-integer.car").read_bytes()) as repo:
            out, written = exported(repo, "jsonl")
        assert b'"value":9007199254740992' in out
        assert lost_texts(written) == []

    def test_a_record_that_is_too_deep_keeps_its_other_fields(self) -> None:
        """However deep it is."""
        with Repo.load(report("deep-records.car").read_bytes()) as repo:
            out, written = exported(repo, "jsonl")
        lines = [json.loads(line) for line in out.splitlines()]
        assert all(line["value"]["$type"] for line in lines)
        assert written.partly_names == [
            f"com.example.deep/{name}" for name in ("d130", "d3000", "d900000")
        ]

    def test_of_many_records_the_first_are_named(self) -> None:
        """With what else there is; a name is cut, and safe."""
        written = Written()
        for number in range(2_000):
            note_partly(written, f"a.b.c/{number}\x1b" + "x" * 500)
        (said,) = lost_texts(written)
        assert "a.b.c/9␛xx" in said
        assert "a.b.c/10" not in said
        assert ", and 1,990 more): " in said
        assert len(said) < 1_000

    def test_a_key_that_is_not_utf8_is_told_in_hex(self) -> None:
        r"""Beside the path with ``\xNN``."""
        record = Cid.for_block(b"\xa0"), b"\xa0"
        with Repo.load(bare_tree({b"k/\xff": record}), checks=BARE) as repo:
            line = json.loads(exported(repo, "jsonl")[0])
        assert (line["path"], line["key_hex"]) == ("k/\\xff", b"k/\xff".hex())

    def test_a_raw_block_is_bytes(self) -> None:
        """It is not DAG-CBOR by its CID."""
        record = Cid.for_block(b"raw", RAW), b"raw"
        nodes: list[tuple[Cid, bytes]] = []
        link = dagcbor.encode(record[0])[2:]
        plain = Cid.for_block(b"\xa0")
        build_tree([(b"k/0", plain)], lambda *block: nodes.append(block))
        # The writer links to plain CIDs only, as it should; so write by hand.
        data = nodes[0][1].replace(dagcbor.encode(plain)[2:], link)
        top = Cid.for_block(data)
        out = bytearray()
        write_car(out.extend, [top], [(top, data), record])
        with Repo.load(bytes(out), checks=BARE) as repo:
            assert json.loads(exported(repo, "jsonl")[0])["value"] == {"$bytes": "cmF3"}

    def test_missing_records_are_counted(self) -> None:
        """And have no line."""
        with Repo.load(make_repo(many(9), leave_out=2)) as repo:
            out, written = exported(repo, "jsonl")
        assert (out.count(b"\n"), written.records, written.missing) == (7, 7, 2)


class TestCar:
    """Records as a CAR."""

    def test_blocks_come_in_walk_order_each_once(self) -> None:
        """Two keys with the same record have one block."""
        same: dagcbor.Value = {"$type": "a.b.c"}
        data = make_repo({f"a.b.c/{n:03}": same for n in range(50)})
        with Repo.load(data) as repo:
            out, written = exported(repo, "car")
            assert written.records == 50
            assert written.blocks == len(repo.tree) + 2
        blocks = blocks_of(out)
        assert len(blocks) == len(set(blocks)) == written.blocks
        with Repo.load(out) as again:
            assert (again.report.exit_code, again.report.order) == (0, "preorder")
            assert again.report.counts.unlinked_blocks == 0

    def test_a_slice_has_the_way_to_each_record_and_no_more(self) -> None:
        """Every block of it is needed to prove what was selected."""
        with Repo.load(make_repo(many(300))) as repo:
            chosen = [7, 8, 200]
            assert repo.commit is not None
            wanted = {repo.commit.cid, *(repo.record(n).cid for n in chosen)}
            for number in chosen:
                way = repo.tree.way_to(repo.record(number).key)
                wanted |= {repo.tree.node(node).cid for node in way}
            out, written = exported(repo, "car", chosen)
        assert set(blocks_of(out)) == wanted
        assert (written.records, written.blocks) == (3, len(wanted))
        with Repo.load(out, checks=Checks(expect="slice")) as part:
            assert part.report.exit_code == 0

    def test_a_tree_without_a_commit_keeps_its_root(self) -> None:
        """The top node."""
        records = {b"k/%02d" % n: (Cid.for_block(b"\xa0"), b"\xa0") for n in range(20)}
        car = bare_tree(records)
        with Repo.load(car, checks=BARE) as repo:
            out, _ = exported(repo, "car")
            top = repo.tree.node(0).cid
        assert blocks_of(out)[0] == top
        with Repo.load(out, checks=BARE) as again:
            assert again.report.exit_code == 0
            assert len(again) == 20

    def test_nothing_to_write_is_an_error(self) -> None:
        """There must be a commit or a tree."""
        with Repo.load(b"") as repo, pytest.raises(NotFound, match="neither"):
            exported(repo, "car")

    def test_what_is_missing_is_counted(self) -> None:
        """Nodes and records alike."""
        with Repo.load(make_repo(many(200), leave_out=230)) as repo:
            counts = repo.report.counts
            out, written = exported(repo, "car")
            assert written.missing == counts.missing_nodes + counts.missing_records
        with Repo.load(out) as again:
            assert again.report.verdict == "incomplete"

    def test_a_node_that_is_linked_twice_is_written_once(self) -> None:
        """The tree below it is walked once, too."""
        inner: list[tuple[Cid, bytes]] = []
        empty = Cid.for_block(b"\xa0"), b"\xa0"
        child = build_tree([(b"k/00", empty[0])], lambda *b: inner.append(b))
        node: dagcbor.Value = {
            "e": [
                {"k": b"k/01", "p": 0, "t": child, "v": empty[0]},
                {"k": b"2", "p": 3, "t": child, "v": empty[0]},
            ],
            "l": child,
        }
        data = dagcbor.encode(node)
        top = Cid.for_block(data)
        out = bytearray()
        write_car(out.extend, [top], [(top, data), *inner, empty])
        with Repo.load(bytes(out), checks=BARE) as repo:
            assert "MST017" in {f.code for f in repo.report.findings}
            car, _ = exported(repo, "car")
        assert sorted(blocks_of(car)) == sorted({top, child, empty[0]})
