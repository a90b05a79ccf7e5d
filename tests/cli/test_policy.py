"""Facts about policy on the command line: by options, and by the reader's own file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from repoview import Repo
from repoview.core import limits
from tests.cli.conftest import saved
from tests.core.repos import REV, make_repo

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Program

COUNT = 7
COMMANDS = ("verify", "info", "ls", "mst", "export", "open", "show")


@pytest.fixture
def bad_records(tmp_path: Path) -> Path:
    """A repository with some records that are of another type."""
    records: dict[str, Any] = {
        f"com.example.kind/{n}": {"$type": "com.example.other", "n": n}
        for n in range(COUNT)
    }
    return saved(tmp_path / "bad.car", make_repo(records))


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The reader's own file, in a folder that is there."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    path = tmp_path / "config" / "repoview" / "config.toml"
    path.parent.mkdir(parents=True)
    return path


def first_lines(text: str) -> str:
    """Return the verdict and what stands with it, on one line."""
    return " ".join(text.partition("\n\n")[0].split())


def test_severities_change_the_verdict_and_say_so(
    run: Program, bad_records: Path
) -> None:
    """And the exit code with it."""
    assert run("verify", bad_records).code == 13
    outcome = run("verify", bad_records, "--severity", "REC005=warning")
    assert outcome.code == 0
    assert first_lines(outcome.out) == (
        "SOUND: commit, tree and records keep every rule that counts. Complete: every "
        "block that the tree needs is there. Signature not checked. By policy, 7 "
        "findings are less severe."
    )
    assert "Warnings (7)" in outcome.out
    assert "severity  warning by policy, error by itself" in outcome.out
    told = run("verify", bad_records, "--severity", "rec=off", "--json").json
    assert (told["verdict"], told["exit_code"]) == ("sound", 0)
    assert told["policy"] == {"less": 0, "more": 0, "off": 7, "skipped": 0}
    assert not [each for each in told["findings"] if each["code"] == "REC005"]


def test_json_has_what_a_finding_weighed_before(
    run: Program, bad_records: Path
) -> None:
    """Of those that changed; null for the others."""
    told = run("verify", bad_records, "--json", "--severity", "REC005=info").json
    weights = {
        (f["code"], f["severity"], f["original_severity"]) for f in told["findings"]
    }
    assert ("REC005", "info", "error") in weights
    assert ("ORD003", "info", None) in weights


def test_a_warning_made_an_error_fails(run: Program, bad_records: Path) -> None:
    """As `--fail-on warning` lets all of them do."""
    given = ("--severity", "REC005=warning", "--fail-on", "warning")
    assert run("verify", bad_records, *given).code == 13
    outcome = run("verify", bad_records, "--severity", "ORD003=error")
    assert outcome.code == 13
    assert "1 finding is more severe" in first_lines(outcome.out)


def test_a_skip_list_leaves_findings_out(
    run: Program, bad_records: Path, tmp_path: Path
) -> None:
    """Those of all its CIDs; one record that is not on it still counts."""
    with Repo.load(bad_records) as repo:
        cids = [str(record.cid) for record in repo.records()]
    known = saved(tmp_path / "known.txt", "\n".join(["# known", *cids[1:]]).encode())
    last = saved(tmp_path / "last.txt", f"{cids[0]}  # the last".encode())
    outcome = run("verify", bad_records, "--skip-list", known)
    assert outcome.code == 13
    assert "6 findings are on the skip list" in first_lines(outcome.out)
    both = ("--skip-list", known, "--skip-list", last)
    assert run("verify", bad_records, *both).code == 0


def test_as_many_findings_as_asked_for_are_listed(
    run: Program, bad_records: Path
) -> None:
    """On the page as in JSON; all are counted."""
    for most in (1, 6, COUNT):
        given = ("--max-findings", str(most))
        page = run("verify", bad_records, *given).out
        assert page.count("  REC005 ") == most
        assert "Errors (7)" in page
        found = run("verify", bad_records, "--json", *given).json["findings"]
        assert sum(each["code"] == "REC005" for each in found) == most


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_that_judges_takes_a_policy(
    run: Program, tmp_path: Path, broken: dict[int, Path], command: str
) -> None:
    """What is let pass does not end it with an error."""
    more: tuple[Any, ...] = (
        ("-o", tmp_path / "out.jsonl") if command == "export" else ()
    )
    if command == "show":
        more = ("app.bsky.actor.profile/self",)
    assert run(command, broken[10], *more).code == 10
    if command == "export":
        more = (*more, "--force")
    assert run(command, broken[10], *more, "--severity", "BLK009=info").code == 0


def test_the_readers_own_file_holds_for_every_command(
    run: Program, bad_records: Path, config: Path
) -> None:
    """And the command line wins over it, code by code."""
    config.write_text(
        '[policy]\nfail-on = "warning"\n[policy.severity]\nREC = "off"\n'
        'REC005 = "info"\n'
    )
    assert run("verify", bad_records).code == 0
    assert run("info", bad_records, "--json").json["policy"]["less"] == COUNT
    assert run("verify", bad_records, "--severity", "REC005=warning").code == 13
    given = ("--severity", "REC005=warning", "--fail-on", "error")
    assert run("verify", bad_records, *given).code == 0
    assert run("verify", bad_records, "--severity", "REC=error").code == 13


def test_other_settings_of_the_file_hold_too(
    run: Program, bad_records: Path, config: Path
) -> None:
    """Unless an option says otherwise."""
    config.write_text('[policy]\nprofile = "lenient"\nrebuild = true\nmax-findings = 2')
    told = run("verify", bad_records, "--json").json
    assert told["exit_code"] == 0
    assert sum(each["code"] == "REC005" for each in told["findings"]) == 2
    assert run("verify", bad_records, "--profile", "default").code == 13
    in_force = run("verify", "--policy", "--no-rebuild").out
    assert f"profile\tlenient\t{config}\n" in in_force
    assert "rebuild\tno\tcommand line\n" in in_force


@pytest.mark.parametrize("command", COMMANDS)
def test_a_file_that_is_wrong_is_refused_by_its_line(
    run: Program, sample: Path, config: Path, command: str
) -> None:
    """By all that judge, and before they read."""
    config.write_text('[policy.severity]\nREC0055 = "off"\n')
    more = ("-o", "x.jsonl") if command == "export" else ()
    more = ("x",) if command == "show" else more
    outcome = run(command, sample, *more)
    assert (outcome.code, outcome.out) == (2, "")
    assert f"{config}, line 2: 'REC0055' is no code of a finding" in outcome.err
    assert run("--help").code == run("cache", "path").code == 0


def test_no_file_beside_a_repository_is_looked_at(
    run: Program, bad_records: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stranger's folder lowers nothing."""
    text = '[policy.severity]\nREC = "off"\n'
    for name in ("config.toml", "repoview.toml", ".repoview.toml"):
        saved(bad_records.parent / name, text.encode())
    folder = bad_records.parent / "repoview"
    folder.mkdir()
    saved(folder / "config.toml", text.encode())
    monkeypatch.chdir(bad_records.parent)
    for value in ("", ".", str(bad_records.parent.name)):
        monkeypatch.setenv("XDG_CONFIG_HOME", value)
        monkeypatch.setenv("HOME", "/nonexistent")
        assert run("verify", bad_records.name).code == 13


def test_what_is_in_force_is_told_with_who_says_so(run: Program, config: Path) -> None:
    """A line each, without a source."""
    known = saved(config.parent / "known.txt", b"")
    config.write_text(
        '[policy]\nskip-list = "known.txt"\n[policy.severity]\nKEY005 = "error"\n'
    )
    given = (
        "--severity",
        "REC005=warning",
        "--skip-list",
        known,
        "--max-findings",
        "5",
    )
    outcome = run("verify", "--policy", *given)
    assert (outcome.code, outcome.err) == (0, "")
    lines = [line.split("\t") for line in outcome.out.splitlines()]
    assert lines == [
        ["profile", "default", "default"],
        ["rebuild", "no", "default"],
        ["fail-on", "error", "default"],
        ["max-findings", "5", "command line"],
        ["skip-list", "0 CIDs", "command line"],
        ["severity", "KEY005=error", str(config)],
        ["severity", "REC005=warning", "command line"],
    ]
    config.unlink()
    told = run("verify", "--policy").out
    assert f"max-findings\t{limits.FINDINGS_A_CODE}\tdefault" in told


def test_a_revision_can_be_asked_for(run: Program, tmp_path: Path) -> None:
    """The very one, or that one and later ones."""
    path = saved(tmp_path / "repo.car", make_repo({}))
    assert run("verify", path, "--rev", REV).code == 0
    assert run("verify", path, "--rev", f"{REV}+").code == 0
    outcome = run("verify", path, "--rev", "2222222222222")
    assert outcome.code == 11
    assert "COM018" in outcome.out
    assert run("verify", path, "--rev", "2222222222222+").code == 0


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (("--severity", "REC005"), "write it as REC005=warning"),
        (("--severity", "REC0055=off"), "did you mean REC005"),
        (("--severity", "REC005=fatal"), "nothing is made fatal"),
        (("--severity", "\x1b[31m=off"), r"'\x1b[31m' is no code"),
        (("--skip-list", "not-there"), "cannot read not-there: there is no such file"),
        (("--skip-list", "."), "cannot read .: is a directory"),
        (("--skip-list", "a\0b"), "cannot read a␀b: embedded null byte"),
        (("--skip-list", "bad.txt"), "bad.txt, line 2: "),
        (("--max-findings", "0"), "0 is no number from 1 to 1,000"),
        (("--max-findings", "1001"), "1001 is no number from 1 to 1,000"),
        (("--rev", "latest"), "latest is no revision"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_one_sentence(
    run: Program,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    given: tuple[str, ...],
    told: str,
) -> None:
    """Before anything is read, and safe for a terminal."""
    monkeypatch.chdir(tmp_path)
    saved(tmp_path / "bad.txt", b"# x\nnot a cid\n")
    outcome = run("verify", "not-there.car", *given)
    assert (outcome.code, outcome.out) == (2, "")
    assert told in outcome.err
    assert outcome.err.count("\n") == 1
    assert "\x1b" not in outcome.err
