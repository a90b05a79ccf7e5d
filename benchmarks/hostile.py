"""Verify files of nothing but faults: ``python -m benchmarks.hostile``.

Whoever writes a file can have something be wrong with each of its records. What
that costs is told in processor time, as a multiple of what a sound file of the
same size takes.
"""

from __future__ import annotations

import subprocess
import sys
from hashlib import sha512
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from benchmarks import ours, table
from benchmarks.inputs import signed_commit
from benchmarks.machine import facts
from benchmarks.options import parser_of
from benchmarks.records import records
from benchmarks.tree import LINK, Blocks, build, varint
from benchmarks.verified import verified

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

_CID: Final = LINK[5:]
_NODE: Final = b"\xa2\x61e"
"""What every node begins with, and no record."""

_LAST: Final = b"\x6c" + b"z" * 12
"""A map key that comes behind all others."""


class Kind(NamedTuple):
    """What is wrong with each record: with its key, its block or its section."""

    key: Callable[[bytes], bytes] = bytes
    block: Callable[[bytes], bytes] = bytes
    section: Callable[[bytes, bytes], bytes] = lambda section, _: section
    """Of the section and its data."""


def _with(item: bytes) -> Kind:
    """Return records that have one field more, with *item* for its value."""
    return Kind(block=lambda data: b"%c%b" % (data[0] + 1, data[1:]) + _LAST + item)


def _padded(section: bytes, data: bytes) -> bytes:
    head = varint(len(data) + 36)
    return head[:-1] + bytes((head[-1] | 0x80, 0)) + section[len(head) :]


def _damaged(section: bytes, data: bytes) -> bytes:
    return section[: -len(data)] + bytes(len(data))


def _odd(section: bytes, data: bytes) -> bytes:
    """Put a block behind the section whose CID is hashed in another way."""
    odd = b"\x01\x71\x13\x40" + sha512(data).digest() + data
    return section + varint(len(odd)) + odd


KINDS: Final = {
    "sound": Kind(),
    "a float": _with(b"\xfb\x3f\xf8\0\0\0\0\0\0"),
    "an integer of 54 bits": _with(b"\x1b\0\x20\0\0\0\0\0\0"),
    "text that is no UTF-8": _with(b"\x61\xff"),
    "a key that is there twice": _with(b"\xa2\x61a\x00\x61a\x00"),
    "keys out of order": _with(b"\xa2\x61b\x00\x61a\x00"),
    "text without a length": _with(b"\x7f\x61a\xff"),
    "a byte too many": Kind(block=lambda data: data + b"\0"),
    "another `$type`": Kind(key=lambda key: b"x." + key),
    "no `$type`": Kind(block=lambda data: data.replace(b"$type", b"atype")),
    "a record key with `!`": Kind(key=lambda key: key + b"!"),
    "a key of 514 bytes": Kind(key=lambda key: key + b"~" * (514 - len(key))),
    "a length that is padded": Kind(section=_padded),
    "a wrong hash": Kind(section=_damaged),
    "a block of an odd CID beside it": Kind(section=_odd),
}
"""What is wrong with each record of a file."""


class _Sections(Blocks):
    """Sections of which those of records are wrong."""

    def __init__(self, section: Callable[[bytes, bytes], bytes]) -> None:
        super().__init__(keep=False)
        self._section = section

    def add(self, data: bytes) -> tuple[bytes, bytes]:
        digest, section = super().add(data)
        if not data.startswith(_NODE):
            section = self._section(section, data)
        return digest, section


def make(name: str, count: int, path: Path) -> None:
    """Write a file of so many records of a kind."""
    kind = KINDS[name]
    blocks = _Sections(kind.section)
    changed = ((kind.key(key), kind.block(data)) for key, data in records(count))
    top, tree = build(changed, blocks)
    root, commit = Blocks(keep=False).add(signed_commit(top))
    header = b"\xa2\x65roots\x81" + LINK + root + b"\x67version\x01"
    part = path.with_suffix(".part")
    part.write_bytes(b"".join((varint(len(header)), header, commit, tree)))
    part.rename(path)


def main() -> int:
    """Make the files, run, and print the table."""
    options = _options()
    lines = list(_lines(options))
    text = "\n".join([facts(ours.about(), options.runs), "", *lines])
    print(text)
    if options.write:
        table.write("hostile files", text)
    return 0


def _options() -> argparse.Namespace:
    parser = parser_of("hostile", __doc__, runs=3)
    add = parser.add_argument
    add("--records", type=int, default=300_000, help="of each file")
    return parser.parse_args()


def _lines(options: argparse.Namespace) -> list[str]:
    folder = options.data.resolve() / "hostile"
    folder.mkdir(parents=True, exist_ok=True)
    lines = [
        f"| in each of {options.records:,} records | MB | busy s | × sound |",
        "|---|--:|--:|--:|",
    ]
    a_byte = 0.0
    for number, name in enumerate(KINDS):
        path = folder / f"{number}.car"
        words = (sys.executable, "-m", "benchmarks.hostile", "make")
        # The command is this module: what makes files takes memory.
        subprocess.run((*words, name, str(options.records), str(path)), check=True)  # noqa: S603
        size = path.stat().st_size
        busy = min(_busy(path) for _ in range(options.runs))
        path.unlink()
        a_byte = a_byte or busy / size
        ratio = f"{busy / size / a_byte:.1f}"
        lines.append(f"| {name} | {size / 1e6:.0f} | {busy:.2f} | {ratio} |")
        print(lines[-1], file=sys.stderr, flush=True)
    return lines


def _busy(path: Path) -> float:
    """Return the seconds of processor that `verify` takes."""
    ran = verified(path)
    if not ran.report["counts"]["records"]:
        raise ValueError(f"{path.name}: no record was found")
    return ran.busy


if __name__ == "__main__":
    if sys.argv[1:2] == ["make"]:
        make(sys.argv[2], int(sys.argv[3]), Path(sys.argv[4]))
    else:
        sys.exit(main())
