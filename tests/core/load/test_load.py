"""Facts about loading: every block is indexed, and what is wrong is told."""

from __future__ import annotations

import gzip
import hashlib
import os
import tracemalloc
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repoview.core import limits
from repoview.core.cid import RAW, Cid
from repoview.core.errors import SourceError
from repoview.core.findings.findings import Findings, Severity
from repoview.core.formats.car import encode_header, encode_section, sections
from repoview.core.formats.carv2 import PRAGMA
from repoview.core.load.result import Loaded, Progress
from repoview.core.marks import State
from repoview.core.opening.memory_limit import MemoryLimitReached
from repoview.core.opening.opening import Opening
from repoview.core.opening.options import OpenOptions
from repoview.core.opening.room import Room
from repoview.core.source.opener import open_source
from repoview.core.source.source import FileSource, MemorySource, Source
from repoview.core.varint import encode_varint
from tests.core.loading import load_all
from tests.strategies import examples
from tests.vectors import ROOT, needs_vectors

if TYPE_CHECKING:
    from pathlib import Path

    from repoview.core.findings.findings import Finding

DATA = [b"\xa1e$typeea.b.c", b"\xa0", b"\xa1aa\x01", b"\x00" * 3]
BLOCKS = [(Cid.for_block(data), data) for data in DATA[:3]]
BLOCKS.append((Cid.for_block(DATA[3], RAW), DATA[3]))
SECTIONS = [encode_section(*block) for block in BLOCKS]
HEADER = encode_header([BLOCKS[0][0]])
START = len(HEADER)
WHOLE = HEADER + b"".join(SECTIONS)
ENDS = [len(WHOLE) - sum(map(len, SECTIONS[n:])) for n in range(5)]
"""Where the sections of `WHOLE` begin, and where it ends."""


class Outcome(NamedTuple):
    """What loading came to."""

    loaded: Loaded
    found: list[Finding]

    @property
    def codes(self) -> list[tuple[str, int | None]]:
        """Code and offset of each finding."""
        return [(found.code, found.offset) for found in self.found]

    @property
    def names(self) -> list[Cid]:
        """The CIDs of the index, in file order."""
        blocks = self.loaded.blocks
        return [blocks.cid(row) for row in range(len(blocks.index))]


def run(data: bytes | Source) -> Outcome:
    """Load these bytes, or what a source has."""
    findings = Findings()
    source = open_source(data) if isinstance(data, bytes) else data
    loaded = load_all(source, findings)
    return Outcome(loaded, findings.sorted())


def padded(section: bytes, more: int = 1) -> bytes:
    """Return a section whose length has needless bytes."""
    return bytes((section[0] | 0x80, *[0x80] * (more - 1), 0)) + section[1:]


def odd(raw: str, data: bytes) -> bytes:
    """Return the section of a block under any CID."""
    return encode_section(Cid(bytes.fromhex(raw)), data)


# Sound files


def test_a_sound_car_gives_its_blocks_and_no_finding() -> None:
    """Each with its place, length, state and type."""
    outcome = run(WHOLE)
    assert outcome.found == []
    loaded = outcome.loaded
    assert loaded.header is not None
    assert loaded.header.roots == (BLOCKS[0][0],)
    assert (loaded.start, loaded.end) == (0, len(WHOLE))
    assert (loaded.first_section, loaded.sections) == (START, 4)
    assert not loaded.cut
    assert not loaded.limited
    blocks = loaded.blocks
    for row, (cid, data) in enumerate(BLOCKS):
        assert blocks.index.find(cid.raw) == row
        assert blocks.state(row) is State.SOUND
        assert blocks.index.offset(row) == ENDS[row]
        assert blocks.cid(row) == cid
        assert blocks.read(row) == data
    assert blocks.index.type_of(0) == "a.b.c"


@pytest.mark.parametrize("way", ["bytes", "path", "gzip"])
def test_however_bytes_come_the_outcome_is_the_same(tmp_path: Path, way: str) -> None:
    """Offsets are those of the unpacked bytes."""
    path = tmp_path / "a.car"
    path.write_bytes(gzip.compress(WHOLE) if way == "gzip" else WHOLE)
    with open_source(WHOLE if way == "bytes" else path) as source:
        outcome = run(source)
        assert outcome.names == [cid for cid, _ in BLOCKS]
    assert outcome.found == []


@pytest.mark.parametrize("chunk", [45, 64, 100, 1_000])
def test_sections_are_whole_wherever_buffers_end(
    chunk: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those longer than a buffer too."""
    monkeypatch.setattr(limits, "READ_CHUNK", chunk)
    large = bytes(5_000)
    blocks = [*BLOCKS, (Cid.for_block(large, RAW), large), *BLOCKS[:1]]
    outcome = run(HEADER + b"".join(encode_section(*block) for block in blocks))
    assert outcome.names == [cid for cid, _ in blocks[:5]]
    assert outcome.loaded.blocks.read(4) == large
    assert outcome.loaded.blocks.index.duplicates == 1
    assert outcome.found == []


@needs_vectors
@pytest.mark.parametrize(
    "name",
    [
        "repo-stream/empty.car",
        "repo-stream/tiny.car",
        "repo-stream/little.car",
        "indigo/paul_staging.repo.car",
        "indigo/fakermaker.repo.car",
        "indigo/divy.repo",
        "indigo/repo_slice.car",
        *sorted(str(p.relative_to(ROOT)) for p in ROOT.glob("mst-suite/cars/*.car")),
    ],
)
def test_real_cars_load_without_a_finding(name: str) -> None:
    """Every section is in the index, at its place, and hashes."""
    data = (ROOT / name).read_bytes()
    with open_source(ROOT / name) as source:
        outcome = run(source)
    assert outcome.found == []
    loaded = outcome.loaded
    assert loaded.header is not None
    index = loaded.blocks.index
    copies: dict[bytes, int] = {}
    for section in sections(data[loaded.header.end :], offset=loaded.header.end):
        copies.setdefault(section.cid.raw, section.offset)
    for raw, offset in copies.items():
        row = index.find(raw)
        assert index.offset(row) == offset
        assert loaded.blocks.state(row) is not State.WRONG_HASH
    assert len(index) == len(copies)


# Files that are something else


def test_an_empty_file_is_told() -> None:
    """CAR001; there is no header."""
    outcome = run(b"")
    assert outcome.codes == [("CAR001", 0)]
    assert outcome.loaded.header is None
    assert outcome.loaded.first_section is None


def test_a_packing_that_holds_nothing_says_why() -> None:
    """The file is not empty, but what came out of it is."""
    outcome = run(gzip.compress(WHOLE)[:10])
    assert outcome.codes == [("CAR001", 0)]
    assert "cut off" in outcome.found[0].message


def test_a_packing_that_is_cut_inside_the_header_says_why() -> None:
    """The header is cut because the packing is."""
    outcome = run(gzip.compress(WHOLE, 0)[:40])
    assert outcome.codes == [("CAR006", 0)]
    assert "(the gzip stream is cut off after" in outcome.found[0].message


@pytest.mark.parametrize("data", [b"<html>", b"PK\x03\x04....", b'{"error": 1}'])
def test_what_is_no_car_is_named(data: bytes) -> None:
    """CAR030, with what to do."""
    outcome = run(data)
    assert [(f.code, f.severity) for f in outcome.found] == [("CAR030", Severity.FATAL)]
    assert outcome.found[0].message.startswith("this is no CAR, but ")
    assert len(outcome.loaded.blocks.index) == 0


def test_a_broken_header_ends_the_reading() -> None:
    """Its finding stands, and nothing is indexed."""
    outcome = run(b"\x00" + WHOLE)
    assert outcome.codes == [("CAR002", 0)]
    assert not outcome.loaded.cut
    assert f"{len(WHOLE)} bytes are left unread" in outcome.found[0].message
    assert run(WHOLE[:20]).loaded.cut


# The wrapper


def wrapped(inner: bytes, *, before: int = 0, behind: bytes = b"") -> bytes:
    """Return a CARv2 around *inner*."""
    index = 51 + before + len(inner) if behind else 0
    numbers = (51 + before, len(inner), index)
    fields = b"".join(number.to_bytes(8, "little") for number in numbers)
    return PRAGMA + bytes(16) + fields + bytes(before) + inner + behind


def test_a_carv2_is_unwrapped() -> None:
    """Offsets are positions in the file itself."""
    outcome = run(wrapped(WHOLE, before=9, behind=b"\x81\x08index"))
    end = 60 + len(WHOLE)
    assert outcome.codes == [("CV2001", 0), ("CV2007", 51), ("CV2005", end)]
    loaded = outcome.loaded
    assert loaded.header is not None
    assert (loaded.start, loaded.end, loaded.header.offset) == (60, end, 60)
    assert loaded.first_section == 60 + START
    assert [loaded.blocks.read(row) for row in range(4)] == DATA


def test_a_carv2_in_a_carv2_is_refused() -> None:
    """CV2006; nothing is read."""
    outcome = run(wrapped(wrapped(WHOLE)))
    assert outcome.codes == [("CV2001", 0), ("CV2006", 51)]
    assert outcome.loaded.header is None


def test_a_carv2_without_data_is_refused() -> None:
    """CV2002 stands alone."""
    assert run(PRAGMA + bytes(40)).codes == [("CV2002", 27)]


def test_data_of_a_carv2_ends_where_the_wrapper_says() -> None:
    """What stands behind it is no section of it."""
    outcome = run(wrapped(WHOLE[:-1]) + WHOLE[-1:])
    assert outcome.codes[:2] == [("CV2001", 0), ("CAR023", 51 + ENDS[3])]
    assert "39 of 39" not in outcome.found[1].message


# Tails


@pytest.mark.parametrize("cut", range(1, len(SECTIONS[3])))
def test_a_cut_section_is_told_at_its_offset(cut: int) -> None:
    """CAR023, also inside its CID; which is told where it is whole."""
    outcome = run(WHOLE[:-cut])
    have = len(SECTIONS[3]) - cut
    assert outcome.codes == [("CAR023", ENDS[3])]
    (found,) = outcome.found
    assert f"; {have} byte" in found.message
    assert outcome.loaded.cut
    assert outcome.names == [cid for cid, _ in BLOCKS[:3]]
    assert found.cid == (BLOCKS[3][0] if have >= 37 else None)
    assert f"{have - 1} of 39 bytes" in found.message


def test_a_file_that_ends_inside_a_length_is_told() -> None:
    """CAR027, where the length begins."""
    outcome = run(WHOLE + b"\x80\x80")
    assert outcome.codes == [("CAR027", len(WHOLE))]
    assert outcome.loaded.cut


def test_a_broken_length_ends_the_reading() -> None:
    """Where no section follows whose block hashes."""
    damaged = SECTIONS[1][:-1] + b"\x01"
    outcome = run(HEADER + SECTIONS[0] + b"\xff" * 12 + damaged)
    assert outcome.codes == [("CAR021", ENDS[1])]
    unread = 12 + len(SECTIONS[1])
    assert outcome.found[0].message.endswith(f"; {unread} bytes are left unread")
    assert outcome.loaded.cut


@pytest.mark.parametrize("raw", ["1220", "01701220", "01711340"])
def test_a_section_cut_inside_any_cid_is_told_as_cut(raw: str) -> None:
    """Also one that atproto does not use."""
    section = odd(raw + "00" * 64, b"data")
    for end in range(1, 30):
        assert run(WHOLE + section[:end]).codes == [("CAR023", len(WHOLE))]


@pytest.mark.parametrize("end", [1, 2])
def test_what_is_too_short_for_a_section_is_none(end: int) -> None:
    """A newline that an editor added is no section of ten bytes."""
    outcome = run(WHOLE + b"\n\n"[:end])
    assert outcome.codes == [("CAR028", len(WHOLE))]


def test_garbage_behind_the_last_section_is_told() -> None:
    """CAR028, with how much of it there is."""
    outcome = run(WHOLE + b"\x7fgarbage")
    assert outcome.codes == [("CAR028", len(WHOLE))]
    assert "8 bytes are left unread" in outcome.found[0].message


def test_a_length_over_everything_is_not_believed() -> None:
    """No memory is asked for; what there is of the section is told."""
    huge = encode_varint(216_830_324_832)
    outcome = run(WHOLE + huge + BLOCKS[1][0].raw + b"some")
    (found,) = outcome.found
    assert (found.code, found.offset) == ("CAR023", len(WHOLE))
    assert "40 of 216,830,324,832 bytes" in found.message
    assert found.cid == BLOCKS[1][0]


def test_a_cut_packing_is_told_with_the_cut_section() -> None:
    """One fault is one finding."""
    noise = os.urandom(4_000)
    car = WHOLE + encode_section(Cid.for_block(noise, RAW), noise)
    outcome = run(gzip.compress(car)[:2_000])
    assert outcome.codes == [("CAR023", len(WHOLE))]
    assert "(the gzip stream is cut off after" in outcome.found[0].message


def test_a_packing_damaged_behind_whole_sections_is_told() -> None:
    """Nothing else would show it."""
    outcome = run(gzip.compress(WHOLE)[:-1])
    assert outcome.codes == [("CAR023", len(WHOLE))]
    assert outcome.loaded.cut
    assert len(outcome.names) == 4


# Another CAR behind


@pytest.mark.parametrize(
    "other",
    [
        WHOLE,
        WHOLE[:12],
        encode_header([]),
        PRAGMA + bytes(40),
        encode_header([BLOCKS[0][0]] * 400),
        padded(WHOLE),
    ],
)
@pytest.mark.parametrize("chunk", [60, 1 << 20])
def test_another_car_behind_ends_this_one(
    other: bytes, chunk: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """CAR033 at its first byte; it is left unread, whatever its header has."""
    monkeypatch.setattr(limits, "READ_CHUNK", chunk)
    for before in (b"", b"\5hello"):
        data = WHOLE + before + other
        outcome = run(data)
        at = len(WHOLE + before)
        assert outcome.codes[-1] == ("CAR033", at)
        assert {code for code, _ in outcome.codes[:-1]} <= {"CAR026"}
        left = f"; {len(other):,} bytes are left unread"
        assert outcome.found[-1].message.endswith(left)
        assert outcome.names == [cid for cid, _ in BLOCKS]
        assert outcome.loaded.end == at
        assert not outcome.loaded.cut


def test_another_car_behind_a_streamed_one_is_told() -> None:
    """Two gzip members in a row are unpacked into two CARs in a row."""
    outcome = run(gzip.compress(WHOLE) + gzip.compress(WHOLE))
    assert outcome.codes == [("CAR033", len(WHOLE))]
    assert f"{len(WHOLE)} bytes are left unread" in outcome.found[0].message


# Sections that are passed by


def test_zero_length_sections_are_passed_by_and_counted() -> None:
    """One finding tells of all of them, at the first."""
    outcome = run(HEADER + b"\0\0" + SECTIONS[0] + b"\0" + SECTIONS[1])
    (found,) = outcome.found
    assert (found.code, found.offset, found.count) == ("CAR025", START, 3)
    assert found.severity is Severity.WARNING
    assert len(outcome.names) == 2
    assert outcome.loaded.first_section == START + 2
    assert outcome.loaded.sections == 2
    assert not outcome.loaded.cut


@pytest.mark.parametrize("chunk", [50, 1_000])
def test_zeros_up_to_the_end_are_only_padding(
    chunk: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An info, and the file is not cut."""
    monkeypatch.setattr(limits, "READ_CHUNK", chunk)
    outcome = run(WHOLE + bytes(500))
    (found,) = outcome.found
    assert (found.code, found.offset, found.count) == ("CAR025", len(WHOLE), 500)
    assert found.severity is Severity.INFO
    assert not outcome.loaded.cut


def test_zeros_inside_and_at_the_end_are_two_findings() -> None:
    """The first ones may hide something, the last ones are padding."""
    outcome = run(HEADER + b"\0" + SECTIONS[0] + b"\0\0")
    assert [(f.severity.value, f.count) for f in outcome.found] == [
        ("warning", 1),
        ("info", 2),
    ]


def test_short_sections_are_passed_by() -> None:
    """Each is told; the blocks between them are read."""
    short = b"\x23" + bytes(35)
    outcome = run(HEADER + short + SECTIONS[0] + b"\x01x" + SECTIONS[1])
    assert outcome.codes == [
        ("CAR026", START),
        ("CAR026", START + 36 + len(SECTIONS[0])),
    ]
    assert len(outcome.names) == 2
    assert outcome.loaded.first_section == START + 36
    assert outcome.loaded.sections == 4


def test_padded_zero_and_short_sections_are_both() -> None:
    """Their lengths are padded, and they are too short."""
    outcome = run(HEADER + b"\x80\x00" + b"\x81\x00x" + SECTIONS[0])
    assert [(f.code, f.offset, f.count) for f in outcome.found] == [
        ("CAR022", START, 2),
        ("CAR025", START, 1),
        ("CAR026", START + 2, 1),
    ]
    assert len(outcome.names) == 1


@pytest.mark.parametrize("unit", [b"\0", b"\x01x", b"\x00\x01x", b"\x81\x00x"])
@pytest.mark.parametrize("chunk", [1_000, 1 << 20])
def test_short_sections_by_the_thousand_are_counted(
    unit: bytes, chunk: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hundred findings at most, and the total of all, wherever buffers end."""
    monkeypatch.setattr(limits, "READ_CHUNK", chunk)
    findings = Findings()
    load_all(open_source(HEADER + unit * 3_000 + SECTIONS[0]), findings)
    assert findings.total("CAR026") == 3_000 * unit.count(b"x")
    counts = {f.code: f.count for f in findings.sorted()}
    assert counts.get("CAR025", 0) == (3_000 if unit[:1] == b"\0" else 0)
    assert counts.get("CAR022", 0) == (3_000 if unit[0] > 0x80 else 0)


def test_zeros_take_no_memory() -> None:
    """Whatever their number."""
    data = HEADER + bytes(20 << 20)
    tracemalloc.start()
    outcome = run(data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert outcome.found[0].count == 20 << 20
    assert peak < 6 << 20


def test_a_section_over_the_limit_is_passed_by(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its bytes are never asked for."""
    monkeypatch.setattr(limits, "MAX_SECTION", 5_000)
    monkeypatch.setattr(limits, "READ_CHUNK", 1_000)
    large, largest = bytes(5_001 - 36), bytes(5_000 - 36)
    blocks = [(Cid.for_block(data, RAW), data) for data in (large, largest)]
    car = HEADER + b"".join(encode_section(*block) for block in blocks) + SECTIONS[0]
    asked = []

    class Spy(MemorySource):
        def read_at(self, offset: int, length: int) -> bytes:
            asked.append((offset, offset + length))
            return super().read_at(offset, length)

    findings = Findings()
    loaded = load_all(Spy("memory", car), findings)
    (found,) = findings.sorted()
    assert (found.code, found.offset, found.cid) == ("CAR024", START, blocks[0][0])
    assert len(loaded.blocks.index) == 2
    assert loaded.sections == 3
    assert max(stop - start for start, stop in asked if start > START) <= 5_003


def test_a_section_over_the_limit_that_is_cut_is_a_tail(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """CAR024 is only for what is wholly there."""
    monkeypatch.setattr(limits, "MAX_SECTION", 1_000)
    data = bytes(2_000)
    outcome = run(HEADER + encode_section(Cid.for_block(data, RAW), data)[:-1])
    assert outcome.codes == [("CAR023", START)]


def test_a_section_over_the_limit_without_a_cid_is_passed_by(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """There is nothing to name it with."""
    monkeypatch.setattr(limits, "MAX_SECTION", 1_000)
    outcome = run(HEADER + b"\xd0\x0f" + b"\xff" * 2_000 + SECTIONS[0])
    assert outcome.codes == [("CAR024", START)]
    assert outcome.found[0].cid is None
    assert len(outcome.names) == 1


# Padded lengths


@pytest.mark.parametrize("more", [1, 8])
def test_blocks_with_padded_lengths_are_indexed(more: int) -> None:
    """They are read from where they are, and told of once."""
    car = HEADER + b"".join(padded(section, more) for section in SECTIONS)
    outcome = run(car)
    (found,) = outcome.found
    assert (found.code, found.offset, found.count) == ("CAR022", START, 4)
    blocks = outcome.loaded.blocks
    assert [blocks.read(row) for row in range(4)] == DATA
    assert outcome.names == [cid for cid, _ in BLOCKS]


def test_a_copy_with_a_padded_length_leaves_the_first_where_it_is() -> None:
    """Only the row's own section has a padded length."""
    outcome = run(WHOLE + padded(SECTIONS[1]))
    blocks = outcome.loaded.blocks
    assert blocks.index.duplicates == 1
    assert [blocks.read(row) for row in range(4)] == DATA


def test_a_sound_copy_of_a_padded_broken_block_is_read_at_its_place() -> None:
    """The padding was that of the broken one."""
    broken = padded(SECTIONS[1][:-1] + b"\xff")
    outcome = run(HEADER + broken + SECTIONS[1])
    blocks = outcome.loaded.blocks
    assert blocks.state(0) is State.SOUND
    assert blocks.read(0) == DATA[1]


# Identifiers

SHA512 = hashlib.sha512(b"data").digest()
BLAKE2B = hashlib.blake2b(b"data", digest_size=32).digest()
SHA256 = hashlib.sha256(b"data").digest()


@pytest.mark.parametrize(
    ("raw", "codes", "state"),
    [
        ("1220" + SHA256.hex(), ["CID002"], State.UNSOUND),
        ("01701220" + SHA256.hex(), ["CID003"], State.UNSOUND),
        ("01711340" + SHA512.hex(), ["CID004"], State.UNSOUND),
        ("0171a0e40220" + BLAKE2B.hex(), ["CID004"], State.UNSOUND),
        ("01711340" + SHA512[::-1].hex(), ["CID004"], State.WRONG_HASH),
        ("01701220" + SHA256[::-1].hex(), ["CID003"], State.WRONG_HASH),
        ("01711114" + hashlib.sha1(b"data").hexdigest() + "00" * 12, ["CID004"], None),  # noqa: S324
        ("0171fe0120" + SHA256.hex(), ["CID004"], None),
        ("01701320" + SHA512[:32].hex(), ["CID003", "CID004"], None),
        ("01711214" + SHA256[:20].hex() + "00" * 12, ["CID005"], None),
        ("01711221" + SHA256.hex() + "00", ["CID005"], None),
    ],
)
def test_odd_identifiers_are_told_and_hashed_where_that_proves_something(
    raw: str, codes: list[str], state: State | None
) -> None:
    """Each keeps its block; the last code is the one about its hash."""
    outcome = run(HEADER + SECTIONS[0] + odd(raw, b"data"))
    assert outcome.codes == [(code, ENDS[1]) for code in codes]
    assert {f.severity for f in outcome.found} == {Severity.WARNING}
    (block,) = outcome.loaded.blocks.odd.values()
    assert (block.state, block.code, block.offset) == (state, codes[-1], ENDS[1])
    read = outcome.loaded.blocks.read_at(block.data_offset, block.length)
    assert read.endswith(b"data")
    assert outcome.loaded.sections == 2


@pytest.mark.parametrize("more", [b"", b"x" * 40, b"y" * 41])
def test_an_identity_cid_holds_its_data(more: bytes) -> None:
    """CID006 and no other code; the data is what the CID says."""
    outcome = run(HEADER + odd("01700028" + "78" * 40, more))
    assert outcome.codes == [("CID006", START)]
    assert ("other bytes" in outcome.found[0].message) == (more[:1] == b"y")
    (block,) = outcome.loaded.blocks.odd.values()
    assert outcome.loaded.blocks.read_at(block.data_offset, block.length) == b"x" * 40
    assert block.state is State.UNSOUND


def test_an_identity_cid_over_the_limit_is_passed_by() -> None:
    """Kept in memory, such CIDs would fill it."""
    outcome = run(HEADER + odd("01550080fa01" + "78" * 32_000, b"") + SECTIONS[0])
    assert outcome.codes == [("CID006", START)]
    assert outcome.found[0].cid is None
    assert len(outcome.loaded.blocks.odd) == 0
    assert outcome.loaded.sections == 2


@pytest.mark.parametrize(
    "body",
    [
        b"\x02" + bytes(40),
        b"\xff" * 40,
        b"\x81\x00\x71\x12\x20" + bytes(36),
        bytes.fromhex("017112ffffff7f") + bytes(40),
        bytes.fromhex("01711370") + bytes(120),
    ],
)
def test_a_malformed_cid_is_told_and_passed_by(body: bytes) -> None:
    """CID001; the next section is read."""
    outcome = run(HEADER + encode_varint(len(body)) + body + SECTIONS[0])
    assert outcome.codes == [("CID001", START)]
    assert len(outcome.names) == 1
    assert outcome.loaded.sections == 2


def test_a_section_shorter_than_its_cid_is_too_short() -> None:
    """It is not malformed: it ends too early."""
    body = bytes.fromhex("01711340") + bytes(50)
    outcome = run(HEADER + encode_varint(len(body)) + body + SECTIONS[0])
    assert outcome.codes == [("CAR026", START)]
    assert outcome.found[0].message == "a section of 54 bytes is shorter than its CID"
    assert len(outcome.names) == 1


def test_a_block_that_does_not_hash_is_kept_as_such() -> None:
    """Whether it matters is known when the tree was walked."""
    outcome = run(WHOLE[:-1] + b"\xff")
    assert outcome.found == []
    assert outcome.loaded.blocks.state(3) is State.WRONG_HASH


# Limits, progress, and sources that change


@pytest.mark.parametrize("kind", ["plain", "padded", "odd"])
def test_the_budget_ends_the_reading(kind: str) -> None:
    """LIM001; what was indexed until then can be used."""
    parts = {
        "plain": [
            encode_section(Cid.for_block(b"%d" % n, RAW), b"%d" % n)
            for n in range(5_000)
        ],
        "padded": [
            padded(encode_section(Cid.for_block(b"%d" % n, RAW), b"%d" % n))
            for n in range(5_000)
        ],
        "odd": [odd(f"017013{0x40:x}" + f"{n:0128x}", b"") for n in range(1_000)],
    }[kind]
    opening = Opening(
        open_source(HEADER + b"".join(parts)), OpenOptions(room=Room(90_000))
    )
    with pytest.raises(MemoryLimitReached) as reached:
        opening.run()
    opening.leave_rest(reached.value)
    opened = opening.run()
    (found,) = [f for f in opened.report.findings if f.code == "LIM001"]
    assert found.offset is not None
    assert START < found.offset < opened.loaded.end
    assert "left unread" in found.message
    assert opened.loaded.limited
    assert not opened.loaded.cut
    assert opened.loaded.sections > 100


def test_progress_is_told_for_every_mebibyte() -> None:
    """From nothing to everything, with the blocks so far."""
    block = bytes(100_000)
    section = encode_section(Cid.for_block(block, RAW), block)
    car = HEADER + section * 50
    told: list[Progress] = []
    load_all(open_source(car), Findings(), told=told)
    assert told[0] == Progress("load", 0, len(car), 0)
    assert told[-1] == Progress("load", len(car), len(car), 50)
    steps = [b.done - a.done for a, b in pairwise(told)]
    assert 0 < max(steps) <= 1 << 20


def test_a_file_that_is_cut_while_it_is_read_is_an_error(tmp_path: Path) -> None:
    """It is no repository any more."""
    path = tmp_path / "a.car"
    path.write_bytes(WHOLE)
    with open_source(path) as source:
        assert isinstance(source, FileSource)
        os.truncate(path, 100)
        with pytest.raises(SourceError, match="ends at byte 100 now: it was changed"):
            load_all(source, Findings())


# Properties


def framing_of(data: bytes) -> list[int]:
    """Return the places of all bytes of a CAR that frame its blocks."""
    places = list(range(START))
    for section in sections(data[START:], offset=START):
        places += range(section.offset, section.offset + section.head + 4)
    return places


@given(st.sampled_from(framing_of(WHOLE)), st.integers(1, 255))
@examples(400)
def test_any_byte_of_the_framing_changed_is_noticed(place: int, change: int) -> None:
    """By a finding, a block that does not hash, or a CID that is another."""
    data = bytearray(WHOLE)
    data[place] ^= change
    outcome = run(bytes(data))
    index, header = outcome.loaded.blocks.index, outcome.loaded.header
    blocks = outcome.loaded.blocks
    damaged = any(blocks.state(row) is State.WRONG_HASH for row in range(len(index)))
    same = header is not None and header.roots == (BLOCKS[0][0],)
    same = same and outcome.names == [cid for cid, _ in BLOCKS]
    assert outcome.found or damaged or not same


@given(st.integers(0, len(WHOLE) - 1))
def test_a_car_cut_anywhere_is_noticed_unless_between_sections(cut: int) -> None:
    """There, only the tree shows that something is missing."""
    outcome = run(WHOLE[:cut])
    assert bool(outcome.found) == (cut not in ENDS)
    assert outcome.loaded.cut == (cut not in {0, *ENDS})
    assert outcome.loaded.sections == sum(end <= cut for end in ENDS[1:])


@given(st.binary(max_size=300), st.integers(9, 100))
@examples(300)
def test_any_bytes_behind_a_header_are_loaded(data: bytes, chunk: int) -> None:
    """Buffers of any size give the same outcome."""
    expected = run(HEADER + data)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(limits, "READ_CHUNK", chunk)
        outcome = run(HEADER + data)
    assert outcome.found == expected.found
    assert outcome.loaded.sections == expected.loaded.sections
    assert outcome.loaded.first_section == expected.loaded.first_section


PARTS = [
    *SECTIONS,
    *map(padded, SECTIONS),
    b"\0",
    b"\x80\x00",
    b"\x01x",
    b"\x81\x00x",
    odd("1220" + SHA256.hex(), b"data"),
    odd("01700028" + "78" * 40, b""),
    b"\x28" + b"\xff" * 40,
    SECTIONS[0][:-1] + b"\x00",
]


@given(st.lists(st.sampled_from(PARTS), max_size=30), st.integers(9, 100))
@examples(200)
def test_sections_good_and_bad_come_in_any_order(
    parts: list[bytes], chunk: int
) -> None:
    """Each gives what it gives alone: no fault hides another."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(limits, "READ_CHUNK", chunk)
        outcome = run(HEADER + b"".join(parts))
    counts: dict[str, int] = {}
    for found in outcome.found:
        counts[found.code] = counts.get(found.code, 0) + found.count
    alone: dict[str, int] = {}
    for part in parts:
        for found in run(HEADER + part + SECTIONS[1]).found:
            alone[found.code] = alone.get(found.code, 0) + found.count
    assert counts == alone
    assert not outcome.loaded.cut
    blocks = outcome.loaded.blocks
    for row in range(len(blocks.index)):
        if blocks.state(row) is not State.WRONG_HASH:
            data = blocks.read(row)
            assert Cid.for_block(data, blocks.cid(row).codec) == blocks.cid(row)


@given(st.binary(max_size=200))
def test_any_bytes_at_all_are_judged(data: bytes) -> None:
    """Something is always said of bytes that are no CAR."""
    outcome = run(data)
    assert outcome.found
