"""Judge blocks whose CID is not one that atproto uses.

A CAR may hold blocks under any CID; atproto uses version 1, dag-cbor or raw,
SHA-256. Others are kept, opaque, and verified if their hash function is known
and secure. What they mean in the tree is for the walk to judge.

Source: CID §Versions; multicodec table; atproto repository v3, "CID Formats".
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from repoview.core.blocks.odd_blocks import OddBlock
from repoview.core.cid import DAG_CBOR, RAW, SHA2_256, codec_name
from repoview.core.findings.findings import bare, finding
from repoview.core.marks import State
from repoview.core.wording import count_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from repoview.core.cid import Cid
    from repoview.core.findings.findings import Finding
    from repoview.core.formats.car import Section

_IDENTITY: Final = 0x00
_BLAKE2B: Final = 0xB200
_BLAKE2S: Final = 0xB240
"""Codes from which these functions count the bytes of their digest."""

_HASHES: Final[dict[int, tuple[str, Callable[[bytes], bytes]]]] = {
    SHA2_256: ("sha2-256", lambda data: hashlib.sha256(data).digest()),
    0x13: ("sha2-512", lambda data: hashlib.sha512(data).digest()),
    0x14: ("sha3-512", lambda data: hashlib.sha3_512(data).digest()),
    0x15: ("sha3-384", lambda data: hashlib.sha3_384(data).digest()),
    0x16: ("sha3-256", lambda data: hashlib.sha3_256(data).digest()),
    0x20: ("sha2-384", lambda data: hashlib.sha384(data).digest()),
    _BLAKE2B + 32: (
        "blake2b-256",
        lambda data: hashlib.blake2b(data, digest_size=32).digest(),
    ),
    _BLAKE2B + 64: ("blake2b-512", lambda data: hashlib.blake2b(data).digest()),
    _BLAKE2S + 32: ("blake2s-256", lambda data: hashlib.blake2s(data).digest()),
}
"""Secure functions, of 256 bits and more: name and function."""

_WEAK: Final = {0x11: "sha1", 0xD5: "md5"}
"""Functions known by name, whose digests prove nothing."""


def judge_odd(
    section: Section,
    data: bytes,
    has_enough: Callable[[Finding], bool] = lambda _: False,
) -> tuple[OddBlock, list[Finding]]:
    """Judge a block whose CID is not of the 36-byte form.

    Args:
        section: Where the block lies.
        data: Its bytes.
        has_enough: Tells whether a finding only counts and needs no message.

    Returns:
        The block, and what is odd about its CID (CID002 to CID006).
    """
    cid = section.cid
    offset, length = section.data_offset, section.data_length
    codec, code, digest = cid.parts()
    if code == _IDENTITY:
        # The data is the digest, wherever the rest of the section may be.
        length = len(digest)
        offset -= length
        state: State | None = State.UNSOUND
        found = [_identity(section, data)]
    else:
        state = _state(code, digest, data)
        bares = map(bare, _faults(cid, codec, code, digest))
        found = [
            each if has_enough(each) else _told(each, section, state) for each in bares
        ]
    # The last one is about the hash, if any is.
    return OddBlock(cid, section.offset, offset, length, state, found[-1].code), found


def _identity(section: Section, data: bytes) -> Finding:
    cid = section.cid
    text = "the CID holds the data itself (identity)"
    if data and data != cid.digest:
        text += ", and the section holds other bytes, which are left aside"
    return finding("CID006", text, offset=section.offset, cid=cid)


def _faults(cid: Cid, codec: int, code: int, digest: bytes) -> Iterator[str]:
    """Yield the codes of what is odd about a CID; the last is about its hash."""
    if cid.version == 0:
        yield "CID002"
        return
    if codec not in {DAG_CBOR, RAW}:
        yield "CID003"
    if code != SHA2_256:
        yield "CID004"
    elif len(digest) != 32:
        yield "CID005"


def _told(fault: Finding, section: Section, state: State | None) -> Finding:
    text = _text(fault.code, section.cid, state)
    return finding(fault.code, text, offset=section.offset, cid=section.cid)


def _text(fault: str, cid: Cid, state: State | None) -> str:
    """Say what is odd about a CID."""
    codec, code, digest = cid.parts()
    outcome = "it is not verified" if state is None else "it is not what atproto uses"
    if fault == "CID002":
        return "the block has a CID of version 0 (dag-pb): it is not decoded"
    if fault == "CID003":
        return f"the block is {codec_name(codec)}, neither dag-cbor nor raw"
    if fault == "CID004":
        return f"the CID is hashed with {_name(code)}, not sha2-256: {outcome}"
    size = count_text(len(digest), "byte")
    return f"the digest in the CID has {size}, not 32: {outcome}"


def _name(code: int) -> str:
    if code in _HASHES:
        return _HASHES[code][0]
    return _WEAK.get(code, f"function {code:#x}")


def _state(code: int, said: bytes, data: bytes) -> State | None:
    """Hash *data* as a CID says; None where that cannot be, or proves nothing."""
    known = _HASHES.get(code)
    if known is None:
        return None
    digest = known[1](data)
    if len(digest) != len(said):
        return None
    return State.UNSOUND if digest == said else State.WRONG_HASH
