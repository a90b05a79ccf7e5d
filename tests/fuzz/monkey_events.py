"""The monkey's random events: keys, words, mouse, pastes and resizes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random


class Event(NamedTuple):
    """One event."""

    kind: str
    """keys, size, change or rest."""

    data: bytes = b""
    """What is typed."""

    numbers: tuple[int, int] = 0, 0
    """Of a size, columns and rows; of a change, which."""

    pause: float = 0.0
    """Seconds until the next."""

    may_end: bool = False
    """Whether the program may exit because of it, or soon after it."""

    def __str__(self) -> str:
        what = self.data if self.kind == "keys" else self.numbers
        return f"{self.kind} {what!r}, then {self.pause * 1000:.0f} ms"


_PLAIN: Final = "ctbvif/:[]m'eyoOsSnNzrawA*+-?gGjkhl 0123456789wW"
_SPECIAL: Final = (
    *(b"\x1b[A", b"\x1b[B", b"\x1b[C", b"\x1b[D", b"\x1b[H", b"\x1b[F"),
    *(b"\x1b[5~", b"\x1b[6~", b"\x1b[3~", b"\t", b"\x1b[Z", b"\r", b"\r", b"\r"),
    *(b"\x1b", b"\x1b", b"\x1b", b"\x7f", b"\x1bOP", b" ", b"\x1b[B", b"\x1b[B"),
    *(b"\x02", b"\x04", b"\x06", b"\x07", b"\x15", b"\x0c", b"\x01", b"\x05", b"\x0b"),
    *(b"\x1b1", b"\x1b2", b"\x1b9", b"\x1b[1;3D", b"\x1b[1;3C", b"\x1b[5;5~"),
    *(b"\x1b[6;5~", b"\x1b[I", b"\x1b[O", b"\x1b[1;2A", b"\x1b[1;5C", b"\x1b[2~"),
)
_AGAIN: Final = b"\x12"
_OPEN: Final = b"\x0f"
PALETTE: Final = b"\x10"
_ENDING: Final = (b"q", b"\x11", b"\x03", b"\x17")
_WORDS: Final = (
    *("like", "post", "app.bsky.feed.post/", "self", "#12", "#99999999", "@100"),
    *("at://did:plc:ewvi7nxzyoun6zhxrhs64oiz/app.bsky.feed.post/1", "@-1", "zzz"),
    *("bafyreib2rxk3rybk3aobmv5cjuql3bm2twh4jo5uxgf5kpqcsgz7soitae", "com.example"),
    *("theme", "tree", "help", "read", "export", "漢字 👩\u200d👧", "é" * 30, "a.car"),
    *("other.car", "out.jsonl", "~/x.csv", "/", "..", "no-such-file.car", "-", ""),
)
_PASTES: Final = (
    *("one line", "two\nlines\r\nof text", "\x1b[31mred\x1b]0;owned\x07", "\x9b2J\x00"),
    *("\u202eevil", "x" * 5_000, "/" * 300, "\t\t", "漢" * 200, "self\r", "1\r2\r"),
)
_BROKEN: Final = (
    b"\x1b[",
    b"\xff\xfe",
    b"\0",
    b"\xc3",
    b"\x1bO",
    b"\x1b[<0;1",
    b"\x1b]",
)


def events(luck: Random, count: int, size: tuple[int, int]) -> Iterator[Event]:
    """Yield random events.

    Args:
        luck: The source of randomness.
        count: How many.
        size: Columns and rows of the terminal at first.
    """
    for number in range(count):
        pause = _pause(luck)
        if number % 60 == 59:
            width = size[0] + luck.choice((-1, 1))
            size = max(width, 20), size[1]
            yield Event("rest", numbers=size)
        elif luck.random() < 0.03:
            size = _size(luck)
            yield Event("size", numbers=size, pause=pause)
        else:
            data, may_end = _input(luck, size)
            yield Event("keys", data, pause=pause, may_end=may_end)


def _pause(luck: Random) -> float:
    """Return a pause: mostly none, else as long as a person's between two keys."""
    chance = luck.random()
    if chance < 0.6:
        return 0.0
    if chance < 0.9:
        return luck.uniform(0.003, 0.02)
    return luck.uniform(0.03, 0.08) if chance < 0.96 else luck.uniform(0.1, 0.23)


def _size(luck: Random) -> tuple[int, int]:
    usual = ((80, 24), (120, 40), (200, 50), (100, 30), (39, 9), (40, 10), (99, 24))
    if luck.random() < 0.6:
        return luck.choice(usual)
    return luck.randint(20, 220), luck.randint(5, 60)


def _input(luck: Random, size: tuple[int, int]) -> tuple[bytes, bool]:
    """Return bytes to type, and whether the program may exit because of them."""
    chance = luck.random()
    if chance < 0.34:
        return luck.choice(_PLAIN).encode() * luck.choice((1, 1, 1, 1, 3)), False
    if chance < 0.62:
        return luck.choice(_SPECIAL) * luck.choice((1, 1, 1, 1, 2, 5)), False
    if chance < 0.68:
        word = luck.choice(_WORDS)
        # Where no line takes it, each of its letters is a key.
        return word.encode() + luck.choice((b"", b"\r")), "q" in word
    if chance < 0.86:
        return _mouse(luck, size)
    if chance < 0.89:
        return b"\x1b[200~" + luck.choice(_PASTES).encode() + b"\x1b[201~", False
    if chance < 0.92:
        return _AGAIN, False
    if chance < 0.94:
        return _OPEN + luck.choice(_WORDS).encode() + luck.choice((b"", b"\r\r")), False
    if chance < 0.97:
        typed = luck.choice(
            (b"\r\r", b"\r", luck.choice(_WORDS).encode(), b"\x1b", b"")
        )
        return PALETTE + typed, True
    if chance < 0.985:
        return luck.choice(_BROKEN), False
    if chance < 0.99:
        return luck.choice(_ENDING), True
    return luck.choice(_SPECIAL), False


def _mouse(luck: Random, size: tuple[int, int]) -> tuple[bytes, bool]:
    """Return clicks, drags, turns of the wheel, and moves."""
    x, y = luck.randint(1, size[0]), luck.randint(1, size[1])
    x2, y2 = luck.randint(1, size[0]), luck.randint(1, size[1])
    kind = luck.choice(("click", "click", "click", "drag", "wheel", "wheel", "move"))
    if kind == "wheel":
        button = luck.choice((64, 65, 65, 66, 67))
        return _report(button, x, y) * luck.choice((1, 3, 20)), False
    if kind == "move":
        return _report(35, x, y) + _report(35, x2, y2), False
    button = luck.choice((0, 0, 0, 0, 1, 2, 4, 16))
    if kind == "click":
        data = _report(button, x, y) + _report(button, x, y, is_down=False)
        # In the last line there are keys to click on, one of which ends it.
        return data * luck.choice((1, 1, 2, 3)), y >= size[1] - 1
    moves = b"".join(
        _report(32 + button, x + (x2 - x) * n // 4, y + (y2 - y) * n // 4)
        for n in range(1, 5)
    )
    data = _report(button, x, y) + moves + _report(button, x2, y2, is_down=False)
    return data, max(y, y2) >= size[1] - 1


def _report(button: int, x: int, y: int, *, is_down: bool = True) -> bytes:
    return f"\x1b[<{button};{x};{y}{'M' if is_down else 'm'}".encode()
