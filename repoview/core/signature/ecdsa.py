"""ECDSA: the two integers of a signature, and whether they verify.

The numbers stand in 32 bytes each. The library that computes with them is
imported when the first signature is checked.

Source: atproto cryptography, "ECDSA Signature Malleability"; SEC 1 v2, §4.1;
X.690 §8 (DER).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from repoview.core.signature.curves import P256

if TYPE_CHECKING:
    from repoview.core.signature.keys import SigningKey

SIZE: Final = 64
"""Bytes of a signature."""


class Numbers(NamedTuple):
    """What a signature says."""

    r: int
    s: int

    def is_in_range(self, order: int) -> bool:
        """Tell whether both are from 1 to *order* - 1."""
        return 0 < self.r < order and 0 < self.s < order

    def is_high(self, order: int) -> bool:
        """Tell whether `s` is high: over half of *order*; atproto wants the low one."""
        return self.s > order // 2


def numbers_of(sig: bytes) -> Numbers:
    """Return the numbers of a signature of 64 bytes."""
    half = SIZE // 2
    return Numbers(int.from_bytes(sig[:half], "big"), int.from_bytes(sig[half:], "big"))


def numbers_of_der(sig: bytes) -> Numbers | None:
    """Return the numbers of a signature in DER: a sequence of two integers."""
    if len(sig) < 2 or sig[0] != 0x30 or sig[1] != len(sig) - 2:
        return None
    numbers, at = [], 2
    while at + 2 < len(sig) and sig[at] == 0x02 and sig[at + 1] > 0:
        end = at + 2 + sig[at + 1]
        numbers.append(int.from_bytes(sig[at + 2 : end], "big", signed=True))
        at = end
    return Numbers(*numbers) if at == len(sig) and len(numbers) == 2 else None


def is_right(key: SigningKey, numbers: Numbers, signed: bytes) -> bool:
    """Tell whether a signature verifies under a key, with high or low `s`.

    Args:
        key: The public key.
        numbers: Of the signature, in the range of the key's curve.
        signed: The bytes, which are hashed with SHA-256.
    """
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 (0.1 s)
    from cryptography.hazmat.primitives.asymmetric import (  # noqa: PLC0415 (0.1 s)
        ec,
        utils,
    )
    from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415 (0.1 s)

    curve = ec.SECP256R1() if key.curve == P256 else ec.SECP256K1()
    public = ec.EllipticCurvePublicKey.from_encoded_point(curve, key.point)
    try:
        public.verify(utils.encode_dss_signature(*numbers), signed, ec.ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True
