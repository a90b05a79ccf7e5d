"""The two curves that atproto signs on, in numbers.

Points are checked here, in integers, so that a text that is no key is refused
without importing the library that checks signatures, which takes a while.

Source: SEC 2 v2, §2.4.1 and §2.4.2; SEC 1 v2, §2.3.4.
"""

from __future__ import annotations

from typing import Final

from repoview.core.frozen import frozen

_SIZE: Final = 32
"""Bytes of a coordinate."""


@frozen
class Curve:
    """The points of ``y² = x³ + ax + b``, modulo a prime."""

    name: str
    codec: str
    """Of its compressed points, in the multicodec table."""

    prime: int
    a: int
    b: int
    order: int
    """How many points there are; `r` and `s` of a signature are below it."""

    def compressed(self, point: bytes) -> bytes | None:
        """Return a point in compressed form (33 bytes); None if it is not on the curve.

        Args:
            point: 33 bytes, or 65 with both coordinates.
        """
        if not point:
            return None
        x = int.from_bytes(point[1 : 1 + _SIZE], "big")
        square = (x**3 + self.a * x + self.b) % self.prime
        # A square root, since both primes are 3 modulo 4.
        y = pow(square, (self.prime + 1) // 4, self.prime)
        if x >= self.prime or y * y % self.prime != square:
            return None
        if len(point) == 1 + _SIZE and point[0] in {2, 3}:
            return point
        if len(point) == 1 + 2 * _SIZE and point[0] == 4:
            given = int.from_bytes(point[1 + _SIZE :], "big")
            if given in {y, self.prime - y}:
                return bytes([2 + given % 2]) + point[1 : 1 + _SIZE]
        return None


P256: Final = Curve(
    "P-256",
    "p256-pub",
    0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF,
    -3,
    0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B,
    0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551,
)
K256: Final = Curve(
    "K-256",
    "secp256k1-pub",
    0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEFFFFFC2F,
    0,
    7,
    0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141,
)
