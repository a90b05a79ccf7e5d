"""Facts about packings: all that is packed comes out, and damage is told."""

from __future__ import annotations

import bz2
import gzip
import lzma
import os
import sys
from random import Random
from typing import TYPE_CHECKING

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from repoview.core import limits
from repoview.core.errors import SourceError
from repoview.core.source.decompress import Unpacked, packing_of, unpacked
from repoview.core.wording import count_text
from tests.strategies import examples

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

WITHOUT_KERNEL = True

PACK: dict[str, Callable[[bytes], bytes]] = {
    "gzip": lambda data: gzip.compress(data, mtime=0),
    "bzip2": bz2.compress,
    "xz": lzma.compress,
    "zstd": zstandard.ZstdCompressor().compress,
}

TEXT = b"".join(b"%d of many records, and then some\n" % n for n in range(4_000))

every_packing = pytest.mark.parametrize("packing", PACK)


def in_pieces(data: bytes, size: int) -> Iterator[bytes]:
    """Yield some bytes as a stream would give them."""
    return (data[start : start + size] for start in range(0, len(data), size))


def all_of(data: bytes, packing: str, size: int = 1 << 18) -> tuple[bytes, Unpacked]:
    """Unpack to the end; return what came out, and what is known of it."""
    source = unpacked(in_pieces(data, size), packing)
    pieces = list(source)
    assert all(0 < len(piece) <= limits.MiB for piece in pieces)
    return b"".join(pieces), source


@every_packing
def test_a_packing_is_known_by_its_first_bytes(packing: str) -> None:
    """And by nothing else."""
    assert packing_of(PACK[packing](b"x")[:6]) == packing
    assert packing_of(b"") is None
    assert packing_of(b"\x3a\xa2\x65roots") is None
    assert packing_of(b"BZhello") is None


@pytest.mark.unmeasured
@every_packing
@examples(60)
@given(data=st.data())
def test_what_was_packed_comes_out(packing: str, data: st.DataObject) -> None:
    """However the packed bytes are cut, and of as many members as there are."""
    parts = data.draw(st.lists(st.binary(max_size=300) | st.just(TEXT), max_size=4))
    packed = b"".join(PACK[packing](part) for part in [*parts, b""])
    out, source = all_of(packed, packing, data.draw(st.sampled_from((1, 7, 1_000))))
    assert out == b"".join(parts)
    assert source.fault is None
    assert source.taken == len(packed)


@every_packing
def test_what_is_random_comes_out(packing: str) -> None:
    """As large as it went in."""
    data = Random(1).randbytes(700_000)  # noqa: S311 (not for secrets)
    assert all_of(PACK[packing](data), packing)[0] == data


@every_packing
def test_what_is_cut_off_is_told(packing: str) -> None:
    """Wherever it is cut; what stands before comes out."""
    packed = PACK[packing](b"some text that is packed")
    for end in range(1, len(packed)):
        out, source = all_of(packed[:end], packing)
        assert b"some text that is packed".startswith(out)
        assert source.fault == (
            f"the {packing} stream is cut off after {count_text(len(out), 'byte')}"
        )


@pytest.mark.unmeasured
@every_packing
def test_changed_bytes_are_told_or_change_nothing(packing: str) -> None:
    """Or are in what no checksum covers; nothing is raised."""
    packed = bytearray(PACK[packing](TEXT))
    luck = Random(packing)  # noqa: S311 (not for secrets)
    for _ in range(100):
        damaged = bytearray(packed)
        damaged[luck.randrange(len(packed))] ^= 1 << luck.randrange(8)
        out, source = all_of(bytes(damaged), packing)
        if packing != "zstd":
            # Frames of zstd have no checksum unless they are asked for.
            assert out == TEXT or source.fault is not None


@every_packing
def test_what_follows_and_is_no_packing_is_told(packing: str) -> None:
    """All that was packed has come out by then."""
    out, source = all_of(PACK[packing](TEXT) + b"tail of something", packing)
    assert out == TEXT
    assert source.fault == f"bytes that are not {packing} follow the CAR"


@every_packing
def test_padding_of_zeros_is_passed_by(packing: str) -> None:
    """As tapes and disks have it, between members and behind them."""
    packed = PACK[packing](TEXT) + bytes(4_000) + PACK[packing](b"more") + bytes(64)
    out, source = all_of(packed, packing, 100)
    assert out == TEXT + b"more"
    assert source.fault is None


def test_zstd_passes_by_what_is_to_be_skipped() -> None:
    """In front of a frame, too."""
    skipped = b"\x52\x2a\x4d\x18" + (5).to_bytes(4, "little") + b"hello"
    packed = skipped + PACK["zstd"](TEXT) + skipped
    assert packing_of(packed[:6]) == "zstd"
    out, source = all_of(packed, "zstd", 11)
    assert out == TEXT
    assert source.fault is None


def test_damage_to_gzip_costs_nothing_that_stands_before_it() -> None:
    """Not a byte."""
    packed = bytearray(gzip.compress(TEXT))
    packed[-6] ^= 1
    out, source = all_of(bytes(packed), "gzip")
    assert out == TEXT
    assert source.fault == f"the gzip stream is damaged after {len(TEXT):,} bytes"


@every_packing
def test_zeros_without_end_come_a_little_at_a_time(packing: str) -> None:
    """They need not fit in memory if the caller stops."""
    packed = PACK[packing](bytes(50_000_000))
    source = unpacked(in_pieces(packed, 1 << 18), packing)
    assert sum(len(next(source)) for _ in range(3)) <= 3 * limits.MiB
    _, whole = all_of(packed, packing)
    assert whole.fault is None


def test_members_without_end_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Empty ones cost time and give nothing."""
    monkeypatch.setattr(limits, "MAX_MEMBERS", 10)
    for packing, pack in PACK.items():
        _, source = all_of(pack(b"") * 50, packing)
        assert source.fault == f"the {packing} stream has over 10 members"


def test_a_python_that_lacks_a_library_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With the way out."""
    monkeypatch.setitem(sys.modules, "zstandard", None)
    with pytest.raises(SourceError, match=r"cannot unpack zstd.*install zstandard"):
        unpacked(iter(()), "zstd")


def test_a_window_that_would_fill_memory_is_refused() -> None:
    """It is no repository's."""
    parameters = zstandard.ZstdCompressionParameters(window_log=29)
    packer = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    packed = packer.compress(os.urandom(1_000)) + packer.flush()
    out, source = all_of(packed, "zstd")
    assert out == b""
    assert source.fault is not None
