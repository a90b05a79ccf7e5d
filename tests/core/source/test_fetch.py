"""Facts about fetching, from a server on this machine."""

from __future__ import annotations

import socket
import ssl
import threading
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID

import repoview
from repoview.core.errors import Cancelled, SourceError
from repoview.core.repo.repo import Repo
from repoview.core.source import fetch as fetching
from repoview.core.source.cancel import Cancel
from repoview.core.source.fetch import fetch
from tests.core.repos import make_repo, many
from tests.servers import serving

if TYPE_CHECKING:
    from pathlib import Path

BODY = bytes(range(256)) * 4_000


@pytest.fixture
def kernel_under_test() -> None:
    """Fetching knows no kernel: run each test once."""


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait as often, and less."""
    monkeypatch.setattr(fetching, "_PAUSE", 0.001)
    monkeypatch.setattr(fetching, "_LONGEST_PAUSE", 0.01)


def body_of(url: str) -> bytes:
    """Return all that is there."""
    fetched = fetch(url)
    try:
        return b"".join(fetched)
    finally:
        fetched.close()
        fetched.close()


def test_what_is_there_comes() -> None:
    """And how much there will be is known."""
    with serving(body=BODY) as server:
        fetched = fetch(server.url)
        assert b"".join(fetched) == BODY
        assert fetched.total == fetched.expected == len(BODY)
        assert next(fetched, None) is None
        fetched.close()


def test_whoever_asks_says_its_version() -> None:
    """As it is written in the package, however it was installed."""
    with serving(body=BODY) as server:
        body_of(server.url)
    assert server.agents == [f"repoview/{repoview.__version__}"]


def test_a_body_of_unknown_length_comes_too() -> None:
    """Its end is that of the connection."""
    with serving(body=BODY, length=False) as server:
        fetched = fetch(server.url)
        assert b"".join(fetched) == BODY
        assert fetched.total == 0
        fetched.close()


def test_a_broken_connection_is_gone_on_with() -> None:
    """Where it broke, as often as it breaks."""
    with serving(body=BODY, breaks=[1_000, 500_000, 7, 0]) as server:
        assert body_of(server.url) == BODY
        assert server.asked == [
            "",
            "bytes=1000-",
            "bytes=501000-",
            "bytes=501007-",
            "bytes=501007-",
        ]


def test_a_server_that_gives_nothing_is_given_up() -> None:
    """After some attempts in a row."""
    with serving(body=BODY, breaks=[0] * 50) as server:
        with pytest.raises(SourceError, match="cannot fetch http://127"):
            body_of(server.url)
        assert len(server.asked) == 5


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"ranges": False}, "after 1,000 bytes: the connection broke, and it cannot"),
        ({"tags": ['"one"', '"two"']}, "and the bytes are others now"),
        ({"tags": ['W/"one"']}, "and it cannot go on there"),
    ],
)
def test_a_server_that_cannot_go_on_is_told_of(
    options: dict[str, object], told: str
) -> None:
    """What came is not mixed with other bytes."""
    with (
        serving(body=BODY, breaks=[1_000], **options) as server,
        pytest.raises(SourceError, match=told),
    ):
        body_of(server.url)


def test_a_busy_server_is_asked_again() -> None:
    """It may have time later."""
    with serving(body=BODY, statuses=[503, 429, 500]) as server:
        assert body_of(server.url) == BODY


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (404, "the server answers 404: it is not there: check the address"),
        (403, "not allowed"),
        (418, "the server answers 418: it cannot be had"),
    ],
)
def test_a_refusal_is_told_at_once(status: int, told: str) -> None:
    """To ask again would not help."""
    with serving(statuses=[status] * 9) as server:
        with pytest.raises(SourceError, match=told):
            body_of(server.url)
        assert len(server.asked) == 1


@pytest.mark.parametrize("status", [400, 404, 500])
def test_the_words_of_a_server_are_told(status: int) -> None:
    """It refuses in JSON, with a name and a sentence."""
    body = b'{"error":"RepoDeactivated","message":"Repo has been deactivated."}'
    with (
        serving(statuses=[status] * 9, refusal=body) as server,
        pytest.raises(SourceError) as raised,
    ):
        body_of(server.url)
    assert str(raised.value) == (
        f"cannot fetch {server.url}: the server answers {status}: RepoDeactivated: "
        "Repo has been deactivated (the account's owner has deactivated it)"
    )


@pytest.mark.parametrize(
    "headers",
    [
        {"ratelimit-reset": "4102444800"},
        {"RateLimit-Reset": "4102444800", "Retry-After": "1"},
        {"Retry-After": "Fri, 01 Jan 2100 00:00:00 GMT"},
    ],
)
def test_a_server_asked_too_often_says_until_when(headers: dict[str, str]) -> None:
    """It is not asked again before that."""
    body = b'{"error":"RateLimitExceeded","message":"Rate Limit Exceeded"}'
    with (
        serving(statuses=[429] * 9, refusal=body, headers=headers) as server,
        pytest.raises(SourceError) as raised,
    ):
        body_of(server.url)
    assert str(raised.value) == (
        f"cannot fetch {server.url}: the server answers 429: RateLimitExceeded: "
        "Rate Limit Exceeded (it was asked too often); "
        "it answers again from 2100-01-01 00:00:00 UTC on"
    )
    assert len(server.asked) == 1


def test_a_server_that_soon_has_time_is_asked_again() -> None:
    """As many seconds later as it says."""
    with serving(body=BODY, statuses=[429], headers={"Retry-After": "0"}) as server:
        assert body_of(server.url) == BODY


def test_what_is_no_error_of_a_server_is_not_quoted() -> None:
    """A page is not a sentence, however long."""
    page = b"{" + b" " * 100_000 + b'"error": "x"}'
    for refusal in (page, b"<html>", b"[1]", b'{"error": 5}'):
        with (
            serving(statuses=[404], refusal=refusal) as server,
            pytest.raises(SourceError, match="404: it is not there: check the"),
        ):
            body_of(server.url)


def test_redirects_are_followed_to_an_end() -> None:
    """But not in circles."""
    with serving(body=BODY) as server, serving(location=server.url) as first:
        assert body_of(first.url) == BODY
    with serving() as server:
        server.location = server.url
        with pytest.raises(SourceError, match="redirects over 5 times"):
            body_of(server.url)


def test_a_redirect_into_a_private_network_is_not_followed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nothing is asked there."""
    monkeypatch.setattr(fetching, "_is_private", "127.0.0.1".__eq__)
    with serving(body=BODY) as inside, serving(location=inside.url) as first:
        public = first.url.replace("127.0.0.1", "localhost")
        with pytest.raises(SourceError, match="redirects into a private network"):
            body_of(public)
        assert inside.asked == []
        # Whoever is in that network may be led around in it.
        assert body_of(first.url) == BODY


def certificate(path: Path) -> ssl.SSLContext:
    """Write a certificate of this machine, and return what serves with it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    here = x509.IPAddress(ip_address("127.0.0.1"))
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([here]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path.write_bytes(made.public_bytes(Encoding.PEM))
    secret = path.with_suffix(".key")
    secret.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path, secret)
    return context


def test_a_redirect_to_what_is_not_encrypted_is_not_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was asked for with TLS comes with TLS, or not at all."""
    path = tmp_path / "here.pem"
    tls = certificate(path)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    with serving(body=BODY, tls=tls) as server:
        assert server.url.startswith("https:")
        assert body_of(server.url) == BODY
    with serving(body=BODY) as plain, serving(location=plain.url, tls=tls) as server:
        with pytest.raises(SourceError, match="an address that is not encrypted"):
            body_of(server.url)
        assert plain.asked == []


@pytest.mark.parametrize(
    ("host", "private"),
    [
        ("localhost", True),
        ("127.0.0.1", True),
        ("10.1.2.3", True),
        ("169.254.1.1", True),
        ("::1", True),
        ("printer.local", True),
        ("bsky.social", False),
        ("93.184.216.34", False),
    ],
)
def test_private_hosts_are_told_apart(host: str, private: bool) -> None:
    """No public server sends us there."""
    assert fetching._is_private(host) is private  # noqa: SLF001 (no server here is public)


def test_an_address_that_cannot_be_is_told() -> None:
    """In a sentence."""
    with pytest.raises(SourceError, match="cannot fetch http://"):
        body_of("http://[x/")


def test_a_server_that_is_away_is_told() -> None:
    """After some attempts."""
    with serving() as server:
        url = server.url
    with pytest.raises(SourceError, match=r"connection refused|all connection"):
        body_of(url)


def test_whoever_waits_can_be_called_back() -> None:
    """Though the server says nothing more."""
    cancel = Cancel()
    with serving(body=BODY, stalls=True) as server:
        fetched = fetch(server.url, cancel=cancel)
        assert len(next(fetched)) == 1_000
        threading.Timer(0.01, cancel.ask).start()
        with pytest.raises(Cancelled):
            next(fetched)
        fetched.close()
        assert_no_fetching()


def test_a_server_that_does_not_answer_is_left_at_once() -> None:
    """Closing does not block, and the thread ends."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        fetched = fetch(f"http://127.0.0.1:{port}/")
        connection, _ = listening.accept()
        with connection:
            assert connection.recv(4) == b"GET "
            fetched.close()
            assert_no_fetching()


def test_what_was_closed_gives_what_had_come_and_ends() -> None:
    """Reading does not block for more."""
    with serving(body=BODY, stalls=True) as server:
        fetched = fetch(server.url)
        assert len(next(fetched)) == 1_000
        fetched.close()
        assert list(fetched) == []


def assert_no_fetching() -> None:
    """The thread has nothing to wait for, or would be waited for in vain."""
    for thread in threading.enumerate():
        if thread.name == "repoview-fetch":
            thread.join(10)
            assert not thread.is_alive()


def test_an_address_is_a_source() -> None:
    """Also where the connection breaks in the middle."""
    data = make_repo(many(5_000))
    with (
        serving(body=data, breaks=[len(data) // 2]) as server,
        Repo.load(server.url) as repo,
    ):
        assert repo.report.exit_code == 0
        assert repo.report.source == server.url
        assert len(repo) == 5_000


def test_what_came_before_an_end_is_looked_at() -> None:
    """And why there is no more is said."""
    data = make_repo(many(5_000))
    with (
        serving(body=data, breaks=[len(data) // 2], ranges=False) as server,
        Repo.load(server.url) as repo,
    ):
        assert repo.report.exit_code == 10
        told = [f.message for f in repo.report.findings if f.code.startswith("CAR")]
        assert any("it cannot go on there" in text for text in told)
