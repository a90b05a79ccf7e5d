"""Facts about what a server says in place of a repository."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repoview.core.repo.repo import Repo
from repoview.core.source.server_error import (
    MOST_BYTES,
    ServerError,
    read_server_error,
    reset_time,
)
from repoview.present import message_text

NOW = datetime(2026, 4, 1, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (
            b'{"error":"RepoNotFound","message":"Could not find repo."}',
            ServerError("RepoNotFound", "Could not find repo"),
        ),
        (b'\xef\xbb\xbf \n{"error":"X"}', ServerError("X")),
        (b'{"message":7,"error":" X ","more":[]}', ServerError("X")),
    ],
)
def test_name_and_sentence_are_taken(body: bytes, error: ServerError) -> None:
    """Whatever else the object has."""
    assert read_server_error(body) == error


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b'"error"',
        b"{}",
        b'{"error":null}',
        b'{"error":""}',
        b'{"error":{"message":"x"}}',
        b'{"error":"X"',
        b'{"error":"\xff"}',
        b'{"a":' * 5_000,
        b'{"error":"X","message":"' + b"x" * MOST_BYTES + b'"}',
    ],
    ids=lambda body: repr(body[:20]),
)
def test_other_bodies_are_none(body: bytes) -> None:
    """They are named by what they are, or not at all."""
    assert read_server_error(body) is None


@given(st.text(min_size=1), st.text())
def test_no_sentence_is_longer_than_a_line_or_two(error: str, message: str) -> None:
    """A server is not trusted to be brief."""
    said = read_server_error(json.dumps({"error": error, "message": message}).encode())
    if said is not None:
        assert 0 < len(said.error) <= 80
        assert len(said.message) <= 200


@pytest.mark.parametrize(
    ("headers", "when"),
    [
        ({}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "9" * 30}, None),
        ({"retry-after": "90"}, datetime(2026, 4, 1, 9, 31, 30, tzinfo=UTC)),
        ({"ratelimit-reset": "90"}, datetime(2026, 4, 1, 9, 31, 30, tzinfo=UTC)),
        ({"ratelimit-reset": "1775036400"}, datetime(2026, 4, 1, 9, 40, tzinfo=UTC)),
        (
            {"ratelimit-reset": "x", "retry-after": "Wed, 01 Apr 2026 10:00:00 GMT"},
            datetime(2026, 4, 1, 10, 0, tzinfo=UTC),
        ),
    ],
)
def test_the_time_of_a_reset_is_told(
    headers: dict[str, str], when: datetime | None
) -> None:
    """In seconds from now on, since 1970, or as a date."""
    assert reset_time(headers, NOW) == when


def test_a_saved_answer_shows_its_words() -> None:
    """They are long and hostile here: cut, and safe for a terminal."""
    message = "gone \x1b[31m" + "x" * 2_000
    data = json.dumps({"error": "RepoNotFound", "message": message}).encode()
    with Repo.load(data) as repo:
        (found,) = repo.report.findings
    text = message_text(found)
    assert found.code == "CAR030"
    assert text.startswith(
        "this is no CAR, but a server's error message: RepoNotFound: gone ␛[31mxxx"
    )
    assert "x" * 180 in text
    assert "x" * 200 not in text
