"""Facts about `repoview verify`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from repoview.cli.pages.found import SHOWN_A_CODE
from repoview.core.cid import Cid
from repoview.core.formats.car import write_car
from repoview.core.formats.mst_build import build_tree
from repoview.core.verify.report import EXIT_CODES
from tests.cli.conftest import saved
from tests.core.repos import DID, make_repo, many, parts_of
from tests.vectors import report

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Program

CODES = [0, 10, 11, 12, 13, 14]
VERDICTS = {code: verdict.value for verdict, code in EXIT_CODES.items()}


@pytest.mark.parametrize("code", CODES)
def test_each_verdict_has_its_exit_code(
    run: Program, broken: dict[int, Path], code: int
) -> None:
    """And says itself first, in capitals, with completeness below."""
    outcome = run("verify", broken[code])

    assert outcome.code == code
    assert outcome.err == ""
    says = outcome.out.partition("\n\n")[0].replace("\n", " ")
    assert says.startswith(VERDICTS[code].upper().replace("-", " ") + ": ")
    assert "omplete" in says.partition(". ")[2]


@pytest.mark.parametrize("code", CODES)
def test_quiet_says_the_verdict_and_nothing_else(
    run: Program, broken: dict[int, Path], code: int
) -> None:
    """One word, and the exit code."""
    outcome = run("verify", broken[code], "-q")

    assert (outcome.code, outcome.out) == (code, VERDICTS[code] + "\n")
    assert outcome.err == ""


def test_the_page_has_facts_checks_and_findings(
    run: Program, broken: dict[int, Path]
) -> None:
    """In that order; a failed check names its codes."""
    page = run("verify", broken[10]).out

    assert page.index("account") < page.index("Checks") < page.index("Errors (1)")
    assert "FAIL  complete   1 error: BLK009" in page
    assert "-     signature  not checked" in page
    assert "BLK009 the record of" in page


def test_what_comes_of_a_finding_stands_below_it(
    run: Program, sample_bytes: bytes, tmp_path: Path
) -> None:
    """Of a file that was cut off, the cut is the one thing that is told."""
    cut = parts_of(sample_bytes)[1][-9].offset
    path = saved(tmp_path / "cut.car", sample_bytes[: cut + 45])

    page, full = run("verify", path).out, run("verify", path, "-v").out
    missing = [
        found
        for found in run("verify", path, "--json").json["findings"]
        if found["code"] in {"BLK008", "BLK009"}
    ]

    assert page.startswith(f"INCOMPLETE: the file is cut off at byte {cut:,}.\n")
    assert "  CAR023 the last section is cut off" in page
    assert "are missing because of it" in " ".join(page.split())
    assert "BLK009" not in page.partition("Checks")[2].partition("Errors")[2]
    assert len(missing) > 3
    assert {tuple(found["caused_by"]) for found in missing} == {("CAR023", cut)}
    for found in missing:
        assert found["path"] is None or found["path"] in full


def test_a_damaged_record_is_named(
    run: Program, sample_bytes: bytes, tmp_path: Path
) -> None:
    """In the verdict and in the finding, and nothing else is called wrong."""
    data = bytearray(sample_bytes)
    data[-1] ^= 1
    path = saved(tmp_path / "damaged.car", bytes(data))
    last = run("ls", path).out.splitlines()[-1].partition("\t")[0]

    outcome = run("verify", path)

    assert outcome.code == 11
    assert outcome.out.startswith(f"INVALID: 1 record is damaged: {last}.\n")
    said = f"the record of '{last}' is damaged; its bytes do not hash to its CID"
    assert said in " ".join(outcome.out.split())


def test_no_signature_is_taken_for_checked(run: Program, sample: Path) -> None:
    """Each verdict and proof says that it was not checked."""
    path = run("ls", sample).out.partition("\t")[0]

    assert ". Signature not checked.\n" in run("verify", sample).out
    assert ". Signature not checked.\n" in run("info", sample).out
    assert "is right; signature not checked." in run("mst", sample, path).out


def test_what_was_not_reached_did_not_pass(
    run: Program, broken: dict[int, Path]
) -> None:
    """Without a tree nothing is said of keys and records."""
    page = run("verify", broken[12]).out

    assert "FAIL  file" in page
    for name in ("hashes", "commit", "tree", "keys", "records", "complete"):
        assert f"-     {name:<9}  not reached" in page


def test_a_sound_repository_passes_every_check(run: Program, sample: Path) -> None:
    """Nothing fails, nothing is unknown but the signature."""
    page = run("verify", sample).out

    assert page.count("\n  pass  ") == 7
    assert "FAIL" not in page
    assert "warn" not in page


def test_many_findings_of_a_code_are_cut(run: Program, tmp_path: Path) -> None:
    """The rest is counted, and -v shows it with the rule."""
    records = {path: {"$type": "com.example.not"} for path in many(8, 1)}
    path = saved(tmp_path / "x.car", make_repo(records))

    page, full = run("verify", path).out, run("verify", path, "-v").out

    assert page.count("  REC005 ") == SHOWN_A_CODE
    assert "+3 more of REC005, which -v shows" in page
    assert " rule " not in page
    assert full.count("  REC005 ") == 8
    assert full.count(" rule ") >= 1


@pytest.mark.parametrize("code", CODES)
def test_json_is_the_contract(run: Program, broken: dict[int, Path], code: int) -> None:
    """One object with every field, whatever the file is."""
    outcome = run("verify", broken[code], "--format", "json")

    report = outcome.json
    assert outcome.code == report["exit_code"] == code
    assert outcome.err == ""
    assert report["verdict"] == VERDICTS[code]
    assert report["source"] == str(broken[code])
    assert report["signature"] == "not-checked"
    assert set(report) >= {"complete", "order", "commit", "counts", "findings"}
    assert set(report["counts"]) >= {
        "bytes",
        "blocks",
        "nodes",
        "records",
        "collections",
        "duplicate_blocks",
        "unlinked_blocks",
        "missing_nodes",
        "missing_records",
        "findings",
    }
    assert set(report["counts"]["findings"]) == {"fatal", "error", "warning", "info"}
    if report["commit"] is not None:
        assert set(report["commit"]) >= {"did", "rev", "data", "version", "cid"}
    for found in report["findings"]:
        assert set(found) >= {
            "code",
            "severity",
            "message",
            "offset",
            "block_offset",
            "cid",
            "path",
            "expected",
            "found",
            "count",
        }


def test_json_is_short_for_the_format(run: Program, sample: Path) -> None:
    """`--json` and `--format json` print the same."""
    short, long = (
        run("verify", sample, "--json"),
        run("verify", sample, "--format=json"),
    )
    assert short.out == long.out


def test_jsonl_is_a_finding_a_line(run: Program, broken: dict[int, Path]) -> None:
    """The same findings as in the object."""
    lines = run("verify", broken[11], "--format", "jsonl").out.splitlines()
    report = run("verify", broken[11], "--json").json

    assert [json.loads(line) for line in lines] == report["findings"]


def test_a_slice_may_be_expected(run: Program, broken: dict[int, Path]) -> None:
    """Then what is missing is no fault, and still told."""
    outcome = run("verify", broken[10], "--expect", "slice")

    assert outcome.code == 0
    assert "Not complete: 1 record is missing." in outcome.out
    assert "warn  complete" in outcome.out


def test_damage_is_no_slice(run: Program, broken: dict[int, Path]) -> None:
    """What does not hash is never excused."""
    assert run("verify", broken[11], "--expect", "slice").code == 11


def test_a_bare_tree_needs_its_profile(run: Program, tmp_path: Path) -> None:
    """A root that is a node is the tree under mst-only, and unreadable else."""
    blocks: list[tuple[Cid, bytes]] = []
    top = build_tree(
        [(b"k/00", Cid.for_block(b"\xa0"))], lambda *block: blocks.append(block)
    )
    out = bytearray()
    write_car(out.extend, [top], blocks)
    path = saved(tmp_path / "tree.car", bytes(out))

    assert run("verify", path, "--profile", "mst-only").code == 0
    assert run("verify", path).code == 12


def test_the_account_can_be_asked_for(run: Program, tmp_path: Path) -> None:
    """Another DID than expected makes it invalid."""
    path = saved(tmp_path / "x.car", make_repo(many(3)))

    assert run("verify", path, "--did", DID).code == 0
    outcome = run("verify", path, "--did", "did:web:example.com")
    assert outcome.code == 11
    assert "COM015" in outcome.out


def test_a_profile_shifts_severities(run: Program, broken: dict[int, Path]) -> None:
    """A `$type` that is not the collection is a warning when lenient."""
    assert run("verify", broken[13], "--profile", "lenient").code == 0


def test_warnings_can_be_made_to_count(
    run: Program, sample_bytes: bytes, tmp_path: Path
) -> None:
    """The verdict stays, the exit code tells, and the page says why."""
    path = saved(tmp_path / "x.car", sample_bytes + b"\0" + last_section(sample_bytes))

    assert run("verify", path).code == 0
    outcome = run("verify", path, "--fail-on", "warning")
    assert outcome.code == 14
    assert outcome.out.startswith("SOUND")
    assert "--fail-on warning" in outcome.out


def last_section(data: bytes) -> bytes:
    """Return the bytes of a CAR's last section."""
    return data[parts_of(data)[1][-1].offset :]


def test_the_tree_can_be_built_again(run: Program, sample: Path) -> None:
    """A canonical tree is the one that its keys give."""
    assert run("verify", sample, "--rebuild").code == 0


@pytest.mark.usefixtures("little_memory")
def test_a_small_limit_ends_the_reading(run: Program, tmp_path: Path) -> None:
    """Completeness is unknown then, and the exit code 10."""
    path = saved(tmp_path / "x.car", make_repo(many(3000, 1)))

    outcome = run("verify", path, "--mem-limit", "64KiB", "--disk-limit", "0", "--json")

    assert outcome.code == 10
    assert outcome.json["complete"] is None
    assert "LIM001" in {found["code"] for found in outcome.json["findings"]}


def test_what_is_counted_is_named(run: Program, tmp_path: Path) -> None:
    """By CID, in JSON and with -v, the first hundred of each kind."""
    data = make_repo(many(9))
    blocks = [
        (part.cid, data[part.data_offset : part.end]) for part in parts_of(data)[1]
    ]
    last = [cid for cid, _ in blocks[-2:]]
    numbers = [b"\x19%c%c" % divmod(number, 256) for number in range(300, 450)]
    loose = [Cid.for_block(number) for number in numbers]
    extra = zip(loose, numbers, strict=True)
    kept = blocks[:-2]
    out = bytearray()
    write_car(out.extend, [kept[0][0]], [*kept, *extra, kept[3], kept[4], kept[4]])
    path = saved(tmp_path / "x.car", bytes(out))

    report = run("verify", path, "--json").json
    cids, counts = report["cids"], report["counts"]
    assert counts["unlinked_blocks"] == 150
    assert cids["unlinked_blocks"] == [str(cid) for cid in loose[:100]]
    assert counts["duplicate_blocks"] == 3
    assert cids["duplicate_blocks"] == [str(cid) for cid, _ in kept[3:5]]
    assert cids["missing_records"] == [str(cid) for cid in last]
    assert cids["missing_nodes"] == cids["damaged_nodes"] == []
    text = run("verify", path, "-v").out
    assert "\nBlocks that nothing links to (the first 100 of 150)\n" in text
    assert "\nRecords whose block is missing (2)\n" in text
    assert all(f"\n  {cid}\n" in text for cid in [*loose[:100], *last])
    assert str(loose[100]) not in text
    assert str(loose[0]) not in run("verify", path).out


def test_nodes_and_commits_of_before_are_named(run: Program) -> None:
    """So that they can be shown one by one."""
    path = report("superseded-blocks.car")
    cids = run("verify", path, "--json").json["cids"]
    assert len(cids["unlinked_commits"]) == 59
    assert len(cids["unlinked_nodes"]) == len(cids["unlinked_blocks"]) == 100
    shown = run("show", path, cids["unlinked_commits"][0]).json
    assert shown["did"] == DID
    assert {"e", "l"} == set(run("show", path, cids["unlinked_nodes"][0]).json)


@pytest.mark.parametrize(
    ("did", "told"),
    [
        ("alice.example.com", "resolveHandle?handle=alice.example.com tells its DID"),
        ("@alice.example.com", "a commit has the account's DID, and no handle"),
        ("x", "x is no DID"),
        ("\x1b[31m", "is no DID"),
    ],
)
def test_only_a_did_is_asked_for(
    run: Program, tmp_path: Path, did: str, told: str
) -> None:
    """A handle stands in no commit: it is refused before anything is read."""
    outcome = run("verify", tmp_path / "not-there.car", "--did", did)
    assert (outcome.code, outcome.out) == (2, "")
    assert told in outcome.err
    assert "\x1b" not in outcome.err
