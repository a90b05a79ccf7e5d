"""Small variants of the connections that break, with every run of the suite."""

from __future__ import annotations

import sys

import pytest

from tests.cli.broken_connection import faults, main, piped


def test_a_cut_pipe_is_told_and_a_cut_fetch_goes_on() -> None:
    """With the tools of this machine."""
    endings, wrong = faults(300)
    assert wrong == []
    assert [ending.code for ending in endings] == [10, 0]


def test_no_tools_are_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Python does the part of those that are not there."""
    monkeypatch.setenv("PATH", "/nowhere")
    _, wrong = faults(300)
    assert wrong == []


def test_a_connection_that_never_broke_is_no_demonstration() -> None:
    """The script would show nothing."""
    with pytest.raises(AssertionError, match="did not break"):
        piped(b"whole", 5)


def test_it_ends_as_a_program_should(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """0 when all is well, 1 when it is not."""
    assert main(["--records", "300"]) == 0
    assert "exit code 10" in capsys.readouterr().out
    monkeypatch.setattr("tests.cli.broken_connection.PROGRAM", (sys.executable, "-V"))
    assert main(["--records", "300"]) == 1
    assert "what was resumed was not called sound" in capsys.readouterr().out
