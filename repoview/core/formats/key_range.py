"""A half-open range of keys: those of a prefix, or from one key to another."""

from __future__ import annotations

from typing import NamedTuple


class KeyRange(NamedTuple):
    """Keys from one on, up to another."""

    first: bytes = b""
    """The smallest key that can be in it."""

    stop: bytes | None = None
    """Every key in it is smaller; None where nothing bounds them."""

    @classmethod
    def of(
        cls,
        prefix: str | None = None,
        start: str | None = None,
        stop: str | None = None,
    ) -> KeyRange:
        """Return the intersection of the given bounds.

        Args:
            prefix: What they begin with.
            start: The smallest there may be.
            stop: What all of them are smaller than.
        """
        head = _bytes_of(prefix)
        last = None if stop is None else _bytes_of(stop)
        return cls(head, after_prefix(head)).within(cls(_bytes_of(start), last))

    def within(self, other: KeyRange) -> KeyRange:
        """Return the keys that are in both."""
        stops = [stop for stop in (self.stop, other.stop) if stop is not None]
        return KeyRange(max(self.first, other.first), min(stops, default=None))

    def __contains__(self, key: object) -> bool:
        if not isinstance(key, bytes) or key < self.first:
            return False
        return self.stop is None or key < self.stop

    def begun_at(self, key: str) -> KeyRange:
        """Return those of its keys that are not smaller than *key*."""
        return self.within(KeyRange(_bytes_of(key)))

    def meets(self, low: bytes, high: bytes | None) -> bool:
        """Tell whether a key between two others, neither included, can be in it.

        Always True for the range of all keys, even where no key can be between
        the two: before the empty key, which no key should be.
        """
        if self == KeyRange():
            return True
        smallest = max(self.first, low + b"\0" if low else b"")
        stops = [bound for bound in (self.stop, high) if bound is not None]
        return all(smallest < bound for bound in stops)


def after_prefix(prefix: bytes) -> bytes | None:
    """Return the smallest bytes greater than all that begin with *prefix*.

    None where there are none.
    """
    trimmed = prefix.rstrip(b"\xff")
    if not trimmed:
        return None
    return trimmed[:-1] + bytes((trimmed[-1] + 1,))


def _bytes_of(path: str | None) -> bytes:
    # No key has a lone surrogate, but a bound may: it still has an order.
    return b"" if path is None else path.encode(errors="surrogatepass")
