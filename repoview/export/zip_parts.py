"""The parts of a zip file, for what writes one and what reads one.

A file is a `LOCAL` header, its name and its bytes. Behind all of them comes the
directory, a `CENTRAL` header for each, and at last `END`, which says where the
directory is. What is too large for `END` stands in `END_64`, which `LOCATOR` in
front of `END` leads to.

Source: PKWARE's APPNOTE.TXT 6.3.10, sections 4.3, 4.4 and 4.5.3 (ZIP64).
"""

from __future__ import annotations

from struct import Struct
from typing import Any, Final


class Part:
    """A part with fields of fixed length behind a signature.

    Args:
        signature: Its first four bytes.
        layout: Its fields, as `struct` writes them.
    """

    def __init__(self, signature: bytes, layout: str) -> None:
        self.signature = signature
        self._struct = Struct(f"<4s{layout}")
        self.size = self._struct.size
        """In bytes."""

    def pack(self, *fields: int) -> bytes:
        """Return the part with these fields."""
        return self._struct.pack(self.signature, *fields)

    def fields(self, data: bytes, at: int = 0) -> tuple[Any, ...] | None:
        """Return the fields of the part at an offset; None if there is none."""
        if len(data) - at < self.size or not data.startswith(self.signature, at):
            return None
        return self._struct.unpack_from(data, at)[1:]


LOCAL: Final = Part(b"PK\3\4", "5H3L2H")
CENTRAL: Final = Part(b"PK\1\2", "6H3L5H2L")
END: Final = Part(b"PK\5\6", "4H2LH")
END_64: Final = Part(b"PK\6\6", "Q2H2L4Q")
LOCATOR: Final = Part(b"PK\6\7", "LQL")

OVER, OVER_16 = 0xFFFF_FFFF, 0xFFFF
"""In place of a number that has no room, of 32 and of 16 bits."""

ZIP64_EXTRA: Final = 1
"""The kind of the extra field that has such numbers of one file."""

UNIX: Final = 3
"""The system whose modes files have."""

STORED, DEFLATED = 0, 8
"""How a file is compressed."""
