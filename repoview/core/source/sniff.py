"""Recognizes by its first bytes a file that is not a CAR.

Such as an error page in place of a download, an archive with the CAR inside, or a
CAR that is compressed twice. Each is named, with advice.
"""

from __future__ import annotations

import codecs
from typing import Final

from repoview.core.source.server_error import read_server_error

SNIFFED: Final = 512
"""Bytes of a file's beginning that tell what it is."""

_MAGIC: Final = (
    (b"PK\x03\x04", "a zip archive: unpack it and open the .car inside"),
    (b"PK\x05\x06", "an empty zip archive: there is nothing in it"),
    (b"\x28\xb5\x2f\xfd", "compressed with zstd twice: unpack it first (zstd -d FILE)"),
    (b"BZh", "compressed with bzip2 twice: unpack it first (bzip2 -dk FILE)"),
    (b"\xfd7zXZ\x00", "compressed with xz twice: unpack it first (xz -dk FILE)"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive: unpack it and open the .car inside"),
    (b"Rar!\x1a\x07", "a RAR archive: unpack it and open the .car inside"),
    (b"\x1f\x8b\x08", "compressed with gzip twice: unpack it first (gunzip -k FILE)"),
    (b"\x89PNG\r\n\x1a\n", "a PNG image: it holds no repository"),
    (b"\xff\xd8\xff", "a JPEG image: it holds no repository"),
    (b"GIF8", "a GIF image: it holds no repository"),
    (b"%PDF-", "a PDF document: it holds no repository"),
    (b"SQLite format 3\x00", "an SQLite database: export a CAR from it"),
    (b"\x7fELF", "a program: it holds no repository"),
    (b"MZ\x90\x00", "a program: it holds no repository"),
)
"""First bytes of files that are opened by mistake, with advice."""

_TAR: Final = "a tar archive: unpack it (tar -xf FILE) and open the .car inside"
_HTML: Final = (
    "an HTML page, probably an error page of the server that was asked: "
    "fetch the CAR again"
)
_JSON: Final = "JSON, probably an error message of the server that was asked"
_KNOWN_JSON: Final = (
    (
        '"verificationmethod',
        "a DID document, which tells of an account's keys: it holds no repository",
    ),
    (
        '"uri":"at://',
        "records as JSON, not a repository: com.atproto.sync.getRepo gives that",
    ),
)
"""Contents of JSON files that are often kept with a CAR, and what they are."""

_WORDS: Final = 200
"""Characters that are shown of a server's message."""

_XML: Final = "XML: it holds no repository"
_TEXT: Final = "plain text: it holds no repository"


def sniff(head: bytes) -> str | None:
    """Name what begins with *head* and is no CAR, and say what to do.

    Args:
        head: The first bytes, `SNIFFED` of them where there are as many; with
            more of them the words of a server are told that has many.

    Returns:
        What follows "this is": "a zip archive: unpack it …"; or None when it
        may be a CAR.
    """
    for magic, name in _MAGIC:
        if head.startswith(magic):
            return name
    if head[257:262] == b"ustar" and not _begins_with_a_map(head):
        return _TAR
    return _sniff_text(head)


def _begins_with_a_map(head: bytes) -> bool:
    """Tell whether a CBOR map follows a varint, as in every CAR."""
    start = 1
    while start < 9 and head[start - 1] >= 0x80:
        start += 1
    return head[start] & 0xE0 == 0xA0


def _sniff_text(head: bytes) -> str | None:
    if len(head) < 2:
        # One byte proves nothing: it may be a header's length.
        return None
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        text = decoder.decode(head, final=len(head) < SNIFFED)
    except UnicodeDecodeError:
        return None
    if any(char < " " and char not in "\t\n\r\f" for char in text):
        return None
    told = " ".join(text.removeprefix("\ufeff").split())
    text = told.lower()
    if text.startswith("<"):
        return _HTML if "<html" in text or "<!doctype html" in text else _XML
    if said := read_server_error(head):
        return f"a server's error message: {said.text}"
    if text.startswith(("{", "[")):
        compact = text.replace(" ", "")
        for sign, name in _KNOWN_JSON:
            if sign in compact:
                return name
        cut = "…" if len(told) > _WORDS else ""
        return f"{_JSON}: {told[:_WORDS]}{cut}"
    return _TEXT
