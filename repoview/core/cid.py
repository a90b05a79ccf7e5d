"""CIDs: the names of blocks, made of a codec and a hash.

atproto knows two forms, both of 36 bytes: CIDv1, sha2-256 of 32 bytes, with
codec dag-cbor (*plain*: nodes, records, commits) or raw (blobs). These are
read and written here, fast. Every other legal form is read by its structure;
its text goes through the multiformats library, imported when first needed.

Source: multiformats CID; DASL CID; atproto repository v3, "CID Formats".
"""

from __future__ import annotations

from functools import total_ordering
from hashlib import sha256
from typing import Final

from repoview.core import limits
from repoview.core.errors import CidError
from repoview.core.varint import VarintCut, VarintTooLong, read_varint, size_of
from repoview.core.wording import agreed, count_text

DAG_CBOR: Final = 0x71
DAG_PB: Final = 0x70
RAW: Final = 0x55
SHA2_256: Final = 0x12
IDENTITY: Final = 0x00
CID_BYTES: Final = 36
"""Of a plain or raw CID."""

PLAIN_PREFIX: Final = bytes((1, DAG_CBOR, SHA2_256, 32))
RAW_PREFIX: Final = bytes((1, RAW, SHA2_256, 32))
_V0_PREFIX: Final = bytes((SHA2_256, 32))
_CODECS: Final = {
    0x51: "cbor",
    RAW: "raw",
    DAG_PB: "dag-pb",
    DAG_CBOR: "dag-cbor",
    0x72: "libp2p-key",
    0x78: "git-raw",
    0x85: "dag-jose",
    0x86: "dag-cose",
    0x90: "eth-block",
    0xB0: "bitcoin-block",
    0xB1: "bitcoin-tx",
    0x0129: "dag-json",
    0x0200: "json",
    0x0202: "car",
}
"""Codecs that CARs of IPFS have, by the names of the multicodec table."""

_V0_TEXT: Final = 46
_MAX_TEXT: Final = 1 + 8 * limits.MAX_CID_BYTES
"""Characters of the longest text of a CID: base2, one a bit."""

_ALPHABET: Final = b"abcdefghijklmnopqrstuvwxyz234567"
_PAIRS: Final = [chr(a) + chr(b) for a in _ALPHABET for b in _ALPHABET]
"""Two base32 digits each, by the ten bits that they say."""

_DIGITS: Final = bytes.maketrans(
    bytes(range(256)),
    bytes(b"0123456789abcdefghijklmnopqrstuv!"[_ALPHABET.find(c)] for c in range(256)),
)
"""From base32 to the digits that `int` knows; all else becomes ``!``."""


class CidCut(CidError):
    """The bytes end inside what would be a CID with more of them."""


@total_ordering
class Cid:
    """A CID, by its bytes; equal, ordered and hashed as these are.

    Args:
        raw: The bytes of a CID. Not checked: `from_bytes` does.
    """

    __slots__ = ("raw",)

    def __init__(self, raw: bytes) -> None:
        self.raw: Final = raw
        """Its bytes, without the 00 that stands before them in a link."""

    @classmethod
    def from_bytes(cls, raw: bytes) -> Cid:
        """Return the CID of which *raw* is all the bytes.

        Raises:
            CidError: It is no CID, or has bytes behind one.
        """
        cid, end = read_cid(raw, 0, len(raw))
        if end != len(raw):
            rest = len(raw) - end
            follow = f"{count_text(rest, 'byte')} {agreed(rest, 'follows', 'follow')}"
            raise CidError(f"{follow} the CID", offset=end)
        return cid

    @classmethod
    def parse(cls, text: str) -> Cid:
        """Return the CID written in *text*, in any multibase.

        Raises:
            CidError: The text is no CID.
        """
        if not 2 <= len(text) <= _MAX_TEXT:
            fact = f"a text of {count_text(len(text), 'character')} is no CID"
            raise CidError(fact, offset=0)
        raw = _from_base32(text[1:]) if text[0] == "b" else _from_multibase(text)
        if raw is None:
            raise CidError(f"{text[:60]!a} is no CID", offset=0)
        return cls.from_bytes(raw)

    @classmethod
    def for_block(cls, data: bytes, codec: int = DAG_CBOR) -> Cid:
        """Return the CID of a block with these bytes."""
        prefix = PLAIN_PREFIX if codec == DAG_CBOR else RAW_PREFIX
        if prefix[1] != codec:
            raise ValueError(f"atproto has no blocks of codec {codec:#x}")
        return cls(prefix + sha256(data).digest())

    @property
    def is_plain(self) -> bool:
        """Whether a tree may link to it: dag-cbor, sha2-256, 36 bytes."""
        return self.raw[:4] == PLAIN_PREFIX and len(self.raw) == 36

    @property
    def is_blessed(self) -> bool:
        """Whether atproto knows its form: plain, or the same with codec raw."""
        raw = self.raw
        return len(raw) == 36 and raw[:4] in {PLAIN_PREFIX, RAW_PREFIX}

    @property
    def version(self) -> int:
        """0 or 1."""
        return 0 if self.raw[:2] == _V0_PREFIX else 1

    @property
    def codec(self) -> int:
        """The codec of the block; a CIDv0 is dag-pb."""
        return self.parts()[0]

    @property
    def hash_code(self) -> int:
        """The number of the hash function."""
        return self.parts()[1]

    @property
    def digest(self) -> bytes:
        """The hash."""
        return self.parts()[2]

    def parts(self) -> tuple[int, int, bytes]:
        """Return codec, number of the hash function, and hash; each time anew."""
        raw, end = self.raw, len(self.raw)
        if raw[:2] == _V0_PREFIX:
            return DAG_PB, SHA2_256, raw[2:]
        if end > 4 and max(raw[:4]) < 0x80:
            # Nearly always each number is a byte.
            return raw[1], raw[2], raw[4:]
        _, position = read_varint(raw, 0, end)
        codec, position = read_varint(raw, position, end)
        code, position = read_varint(raw, position, end)
        _, position = read_varint(raw, position, end)
        return codec, code, raw[position:]

    def __str__(self) -> str:
        if self.version == 0:
            return _v0_text(self.raw)
        return cid_text(self.raw)

    def __repr__(self) -> str:
        return f"Cid({str(self)!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Cid) and self.raw == other.raw

    def __lt__(self, other: Cid) -> bool:
        return self.raw < other.raw

    def __hash__(self) -> int:
        return hash(self.raw)


def codec_name(codec: int) -> str:
    """Return the name of a codec, or its number: "dag-pb", "codec 0x300"."""
    return _CODECS.get(codec, f"codec {codec:#x}")


def cid_text(raw: bytes) -> str:
    """Return the base32 text of a CIDv1 by its bytes."""
    bits = 8 * len(raw)
    padded = bits + -bits % 10
    number = int.from_bytes(raw, "big") << padded - bits
    shifts = range(padded - 10, -1, -10)
    text = "".join([_PAIRS[number >> shift & 0x3FF] for shift in shifts])
    # Ten bits may be a digit more than the bytes need.
    return "b" + text[: (bits + 4) // 5]


def read_cid(data: bytes, start: int, end: int) -> tuple[Cid, int]:
    """Return the CID at *start*, and the position behind it.

    At most 100 bytes, except an identity CID, which has its block inside:
    callers that keep CIDs must check the length.

    Args:
        data: Where it stands.
        start: Its first byte.
        end: Where the bytes end, for this purpose.

    Raises:
        CidCut: They end inside it, as far as can be told; also where there are
            none.
        CidError: The bytes are no CID; the offset is that in *data*.
    """
    if data[start : start + 4] in {PLAIN_PREFIX, RAW_PREFIX} and end - start >= 36:
        return Cid(bytes(data[start : start + 36])), start + 36
    head = data[start : min(start + 2, end)]
    if head and head in {_V0_PREFIX, _V0_PREFIX[:1]}:
        if end - start < 34:
            raise CidCut("a CIDv0 is cut off", offset=start)
        return Cid(bytes(data[start : start + 34])), start + 34
    version, position = _number(data, start, end, "version")
    if version != 1:
        raise CidError(f"CID version {version} does not exist", offset=start)
    _, position = _number(data, position, end, "codec")
    code, position = _number(data, position, end, "hash function")
    size, position = _number(data, position, end, "digest length")
    stop = position + size
    if stop - start > limits.MAX_CID_BYTES and code != IDENTITY:
        raise CidError(f"the CID has {stop - start:,} bytes", offset=start)
    if stop > end:
        left = end - position
        are = f"{left:,} {agreed(left, 'is', 'are')} left"
        fact = f"the CID's digest has {count_text(size, 'byte')}, but {are}"
        raise CidCut(fact, offset=start)
    return Cid(bytes(data[start:stop])), stop


def _number(data: bytes, position: int, end: int, what: str) -> tuple[int, int]:
    """Read one of the varints of a CID, which must be in shortest form."""
    if position < end and data[position] < 0x80:
        return data[position], position + 1
    try:
        value, after = read_varint(data, position, end)
    except VarintCut:
        raise CidCut(f"the CID ends inside its {what}", offset=position) from None
    except VarintTooLong:
        raise CidError(
            f"the CID's {what} has more than 9 bytes", offset=position
        ) from None
    if after - position != size_of(value):
        raise CidError(f"the CID's {what} is padded", offset=position)
    return value, after


def _from_base32(text: str) -> bytes | None:
    """Return the bytes of lower-case base32 without padding; None if it is none."""
    try:
        number = int(text.encode().translate(_DIGITS), 32)
    except ValueError:
        return None
    size, spare = divmod(5 * len(text), 8)
    # The bits behind the last byte say nothing, so there is one form only.
    if spare > 4 or number & (1 << spare) - 1:
        return None
    return (number >> spare).to_bytes(size, "big")


def _from_multibase(text: str) -> bytes | None:
    """Return the bytes of text in any other base; None if it is none."""
    from multiformats import multibase  # noqa: PLC0415 (0.1 s, and seldom needed)

    if len(text) == _V0_TEXT and text.startswith("Qm"):
        text = "z" + text
    try:
        return multibase.decode(text)
    except (KeyError, ValueError):
        return None


def _v0_text(raw: bytes) -> str:
    from multiformats import multibase  # noqa: PLC0415 (0.1 s, and seldom needed)

    return multibase.encode(raw, "base58btc")[1:]
