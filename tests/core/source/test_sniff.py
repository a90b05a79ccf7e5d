"""Facts about what is named when a file is no CAR."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import sqlite3
import tarfile
import zipfile
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repoview.core.source.sniff import SNIFFED, sniff

if TYPE_CHECKING:
    from pathlib import Path

WITHOUT_KERNEL = True

CAR = bytes.fromhex("3aa265726f6f747381d82a5825000171122000")


def archive_zip() -> bytes:
    """Return a zip archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("repo.car", CAR)
    return out.getvalue()


def archive_tar() -> bytes:
    """Return a tar archive."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("repo.car"))
    return out.getvalue()


def event(kind: str, *, turned: bool = False) -> bytes:
    """Return the frame of an event that says nothing."""
    name = b"\x61t" + bytes([0x60 + len(kind)]) + kind.encode()
    parts = [b"\x62op\x01", name] if turned else [name, b"\x62op\x01"]
    return b"\xa2" + b"".join(parts) + b"\xa1\x63seq\x01"


@pytest.mark.parametrize(
    ("data", "name", "advice"),
    [
        (archive_zip(), "a zip archive", "open the .car inside"),
        (archive_tar(), "a tar archive", "tar -xf"),
        (b"\x28\xb5\x2f\xfd rest", "zstd", "zstd -d"),
        (bz2.compress(CAR), "bzip2", "bzip2 -dk"),
        (lzma.compress(CAR), "xz", "xz -dk"),
        (gzip.compress(CAR), "gzip twice", "gunzip -k"),
        (b"<!DOCTYPE html>\n<html>", "an HTML page", "error page of the server"),
        (b"\n <HTML lang=en>", "an HTML page", "fetch the CAR again"),
        (b"<?xml version='1.0'?>", "XML", ""),
        (b"<svg><p>", "XML", ""),
        (b'{"error": "RepoNotFound"}', "a server's error message", "RepoNotFound ("),
        (b'{"errors": ["RepoNotFound"]}', "JSON", "error message of the server"),
        (b'{"message":\n "time out"}', "JSON", '{"message": "time out"}'),
        (b'["' + b"x" * 900 + b'"]', "JSON", '["' + "x" * 198 + "…"),
        (
            b'{ "@context": [], "verificationMethod": []}',
            "a DID document",
            "no repository",
        ),
        (b'{"rotationKeys":[],"verificationMethods":{}}', "a DID document", ""),
        (
            b'{"cursor": "3", "records": [{"uri": "at://did:plc:abc/a.b.c/1"}]}',
            "records as JSON",
            "com.atproto.sync.getRepo",
        ),
        (b"[1, 2]", "JSON", ""),
        ("\ufeff{}".encode(), "JSON", ""),
        (b"did:plc:abc\n", "plain text", ""),
        ("größe".encode() * 200, "plain text", ""),
        (b"\x89PNG\r\n\x1a\nIHDR", "PNG", ""),
        (b"\xff\xd8\xff\xe0", "JPEG", ""),
        (b"%PDF-1.7", "PDF", ""),
    ],
    # Packed bytes hold the time of packing; names must be the same everywhere.
    ids=lambda value: "" if isinstance(value, bytes) else None,
)
def test_other_files_are_named_with_advice(data: bytes, name: str, advice: str) -> None:
    """What it is, and what to do."""
    said = sniff(data[:SNIFFED])
    assert said is not None
    assert name in said
    assert advice in said


def test_a_database_is_named(tmp_path: Path) -> None:
    """A file that is often kept with a CAR."""
    path = tmp_path / "a.db"
    with sqlite3.connect(path) as database:
        database.execute("create table t (x)")
    database.close()
    said = sniff(path.read_bytes()[:SNIFFED])
    assert said is not None
    assert "SQLite" in said


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"{",
        b"<",
        CAR,
        CAR[:2],
        bytes(600),
        b"\x0a\xa1gversion\x02",
        CAR + bytes(257 - len(CAR)) + b"ustar" + bytes(200),
        b"\xc1\x01\xa2" + bytes(254) + b"ustar" + bytes(200),
        b"\xc3",
        b"text with \x00",
    ],
)
def test_what_may_be_a_car_is_not_named(head: bytes) -> None:
    """A header begins with a length and a map; broken ones are judged later."""
    assert sniff(head) is None


@given(st.integers(0, 1 << 62), st.integers(0xA0, 0xBF), st.binary(max_size=600))
def test_no_header_is_taken_for_something_else(
    length: int, first: int, rest: bytes
) -> None:
    """A varint and a CBOR map are never text, nor an archive.

    (But for the four bytes of zstd, which no map of so few bytes can have.)
    """
    head = bytearray()
    while length > 0x7F:
        head.append(length & 0x7F | 0x80)
        length >>= 7
    data = bytes((*head, length, first)) + rest
    if not data.startswith(b"\x28\xb5\x2f\xfd"):
        assert sniff(data[:SNIFFED]) is None
