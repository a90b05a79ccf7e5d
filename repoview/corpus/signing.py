"""Keys that sign, and what becomes of their signatures in other hands.

Source: atproto cryptography; SEC 1 v2, §2.3; X.690 §8.3.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

if TYPE_CHECKING:
    from collections.abc import Callable

_BASE58: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def base58(raw: bytes) -> str:
    """Return bytes in multibase: "z" and base58."""
    number, digits = int.from_bytes(raw, "big"), ""
    while number:
        number, digit = divmod(number, 58)
        digits = _BASE58[digit] + digits
    zeros = len(raw) - len(raw.lstrip(b"\0"))
    return "z" + _BASE58[0] * zeros + digits


@dataclass(frozen=True)
class Curve:
    """A curve, and what atproto has for it."""

    make: Callable[[], ec.EllipticCurve]
    order: int
    prefix: bytes
    """Of its points in a Multikey."""

    suite: str
    """The type of its keys in older DID documents."""


P256: Final = Curve(
    ec.SECP256R1,
    0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551,
    b"\x80\x24",
    "EcdsaSecp256r1VerificationKey2019",
)
K256: Final = Curve(
    ec.SECP256K1,
    0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141,
    b"\xe7\x01",
    "EcdsaSecp256k1VerificationKey2019",
)


class Pair:
    """A private key with its public one.

    Args:
        curve: The curve.
        secret: Any number from 1 up to the order of the curve.
    """

    def __init__(self, curve: Curve, secret: int) -> None:
        self.curve = curve
        self._private = ec.derive_private_key(secret, curve.make())

    def point(self, form: PublicFormat = PublicFormat.CompressedPoint) -> bytes:
        """Return the public key's point, in 33 or 65 bytes."""
        return self._private.public_key().public_bytes(Encoding.X962, form)

    @property
    def multikey(self) -> str:
        """The public key as newer DID documents have it."""
        return base58(self.curve.prefix + self.point())

    @property
    def did_key(self) -> str:
        """The public key as a DID."""
        return f"did:key:{self.multikey}"

    def numbers(self, data: bytes) -> tuple[int, int]:
        """Sign *data*; `s` is the low one."""
        how = ec.ECDSA(SHA256(), deterministic_signing=True)
        r, s = utils.decode_dss_signature(self._private.sign(data, how))
        return r, min(s, self.curve.order - s)

    def sign(self, data: bytes) -> bytes:
        """Sign *data* as commits are."""
        return raw(*self.numbers(data))

    def sign_high(self, data: bytes) -> bytes:
        """Sign *data* with the `s` that is not allowed."""
        r, s = self.numbers(data)
        return raw(r, self.curve.order - s)

    def sign_in_der(self, data: bytes) -> bytes:
        """Sign *data* in the form that other protocols have."""
        return utils.encode_dss_signature(*self.numbers(data))


def raw(r: int, s: int) -> bytes:
    """Return a signature as commits have it, in 64 bytes."""
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


ALICE: Final = Pair(K256, 0xA11CE)
BOB: Final = Pair(P256, 0xB0B)
