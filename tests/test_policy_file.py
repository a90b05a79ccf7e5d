"""Facts about the reader's own policy: what a config.toml says, and what is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from repoview.core.cid import Cid
from repoview.core.findings.policy import Policy, Profile
from repoview.policy_file import (
    BadPolicy,
    OwnPolicy,
    line_of,
    read_own_policy,
    read_skip_list,
)

if TYPE_CHECKING:
    from pathlib import Path

CID = Cid.for_block(b"")
OTHER = Cid.for_block(b"x")


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Where the file is."""
    return tmp_path / "config.toml"


def read(config: Path, text: str) -> OwnPolicy:
    """Return what a file with this text says."""
    config.write_text(text)
    return read_own_policy(str(config))


def test_a_file_says_all_that_options_do(config: Path) -> None:
    """Skip lists are found from its folder."""
    (config.parent / "known.txt").write_text(f"{CID}\n")
    (config.parent / "more.txt").write_text(f"{OTHER}\n")
    own = read(
        config,
        """
        theme = "light"
        [policy]
        profile = "strict"
        rebuild = true
        fail-on = "warning"
        max-findings = 7
        skip-list = ["known.txt", "more.txt"]
        [policy.severity]
        REC005 = "warning"
        key = "off"
        """,
    )
    expected = Policy({"REC005": "warning", "KEY": "off"}, [CID, OTHER], 7)
    assert own == OwnPolicy(expected, Profile.STRICT, True, "warning", str(config))


@pytest.mark.parametrize("text", ["", 'theme = "light"\n', "[keys]\n"])
def test_a_file_without_a_policy_says_nothing(config: Path, text: str) -> None:
    """Nor does one that is not there."""
    assert read(config, text) == OwnPolicy()
    assert read_own_policy(str(config.parent / "none.toml")) == OwnPolicy()
    assert read_own_policy(None) == OwnPolicy()


def test_a_file_that_is_linked_is_read(config: Path) -> None:
    """Many keep their settings elsewhere, and link them to their places."""
    target = config.parent / "elsewhere.toml"
    target.write_text('[policy]\nprofile = "lenient"\n')
    config.symlink_to(target)
    assert read_own_policy(str(config)).profile is Profile.LENIENT


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ('[policy]\nprofile = "laxest"', 2, "profile is one of strict, default"),
        ("[policy]\n\nprofile = 7", 3, "profile is one of"),
        ('[policy]\nfail-on = "info"', 2, "fail-on is one of error, warning"),
        ("[policy]\nrebuild = 1", 2, "rebuild is true or false"),
        ("[policy]\nmax-findings = 0", 2, "max-findings is a number from 1 to 1,000"),
        ("[policy]\nmax-findings = true", 2, "max-findings is a number"),
        ("[policy]\nskip-list = 3", 2, "skip-list is the path of a file"),
        ('[policy]\nskip-list = "gone"', 2, "cannot read .*gone: there is no such"),
        ('[policy]\nskip-list = "bad"', 2, "bad, line 2: 'x y' is no CID"),
        ('[policy]\nskip-lists = "x"', 2, "there is no setting policy.skip-lists"),
        ('[policy]\ndid = "did:web:x"', 2, "there is no setting policy.did"),
        ('[policy.severity]\nREC0055 = "off"', 2, "did you mean REC005"),
        ('[policy]\n[policy.severity]\nREC = "no"', 3, "'no' is no severity"),
        ('[policy.severity]\nREC = "fatal"', 2, "nothing is made fatal"),
        ("[policy.severity]\nREC = 1", 2, "'1' is no severity"),
        ('[policy.severity]\nLIM001 = "off"', 2, "about a limit"),
        ('a = 1\npolicy.severity.XXX = "off"', 2, "is no code"),
        ('policy = { severity = { XXX = "off" } }', 1, "is no code"),
        ('[policy]\n"profile" = "x"  # a comment', 2, "profile is one of"),
        ("[policy]\nseverity = 3", 2, "severity is a table"),
        ("policy = 3", 1, "policy is a table"),
    ],
)
def test_what_is_not_known_is_refused_with_its_line(
    config: Path, text: str, line: int, told: str
) -> None:
    """Left out, it would judge otherwise than was meant."""
    (config.parent / "bad").write_text("# mine\nx y\n")
    with pytest.raises(BadPolicy, match=told) as error:
        read(config, text)
    assert str(error.value).startswith(f"{config}, line {line}: ")


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"[policy\n", "line 1"),
        (b"a = [" * 5_000, "nested|Invalid|line"),
        (b"# \xff", "byte 2 is not UTF-8"),
        (b"#" * (1 << 21), "too large"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(
    config: Path, data: bytes, told: str
) -> None:
    """It may hold a policy."""
    config.write_bytes(data)
    with pytest.raises(BadPolicy, match=told):
        read_own_policy(str(config))


def test_a_folder_in_its_place_is_refused(config: Path) -> None:
    """In one sentence."""
    config.mkdir()
    with pytest.raises(BadPolicy, match=r"cannot read .*config\.toml: "):
        read_own_policy(str(config))


def test_a_skip_list_that_is_no_text_is_refused(tmp_path: Path) -> None:
    """At the line."""
    path = tmp_path / "known.txt"
    path.write_bytes(f"{CID}\n".encode() + b"\xff\n")
    with pytest.raises(BadPolicy, match=r"known\.txt, line 2: it is not UTF-8"):
        read_skip_list(str(path))
    path.write_bytes(b"\xef\xbb\xbf" + f"{CID}\n".encode())
    assert read_skip_list(str(path)) == {CID}


def test_the_line_is_that_of_the_right_table() -> None:
    """Names may be the same in others."""
    text = '[a]\nx = 1\n[ policy . severity ]  # mine\n"x" = 2\n[policy]\nx = 3\n'
    assert line_of(text, ["policy", "severity", "x"]) == 4
    assert line_of(text, ["policy", "x"]) == 6
    assert line_of(text, ["a", "x"]) == 2
    assert line_of(text, ["b", "x"]) is None
