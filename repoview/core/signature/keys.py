"""Public keys, and the texts that they are written as.

A ``did:key`` is a Multikey behind ``did:key:``; a Multikey is base58 of the
curve's number in the multicodec table and a point of 33 bytes. Older DID
documents have the bare point in base58, and say the curve beside it.

Source: atproto cryptography, "Public Key Encoding".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from repoview.core.errors import SigningKeyError
from repoview.core.signature.curves import K256, P256, Curve
from repoview.core.wording import count_text

_DID_KEY: Final = "did:key:"
_LONGEST: Final = 200
"""Characters: twice those of the longest key that there is."""

_CURVES: Final = {curve.codec: curve for curve in (P256, K256)}


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A public key."""

    curve: Curve
    point: bytes
    """Of the curve, in 33 bytes."""

    @property
    def text(self) -> str:
        """The key as a ``did:key``."""
        from multiformats import multibase, multicodec  # noqa: PLC0415 (0.1 s)

        raw = multicodec.wrap(self.curve.codec, self.point)
        return _DID_KEY + multibase.encode(raw, "base58btc")


def read_key(text: str) -> SigningKey:
    """Return the key that a ``did:key`` or a Multikey ("z…") says.

    Raises:
        SigningKeyError: It says none; the message is a sentence.
    """
    from multiformats import multicodec  # noqa: PLC0415 (0.1 s)

    raw = _from_base58(text.strip().removeprefix(_DID_KEY))
    if raw[:1] in {b"\2", b"\3", b"\4"} and len(raw) in {33, 65}:
        raise SigningKeyError(
            f"the key is a bare point of {len(raw)} bytes, which does not say on what "
            "curve: give it as a did:key"
        )
    try:
        codec, point = multicodec.unwrap(raw)
    except (KeyError, ValueError):
        raise SigningKeyError(
            "the key does not begin with the number of a kind of key"
        ) from None
    curve = _CURVES.get(codec.name)
    if curve is None:
        raise SigningKeyError(
            f"the key is of the kind {codec.name}: commits are signed on P-256 or K-256"
        )
    if len(point) != 33:
        size = count_text(len(point), "byte")
        raise SigningKeyError(f"the key's point has {size}, not 33")
    return _key_on(curve, point)


def read_bare_key(text: str, curve: Curve) -> SigningKey:
    """Return the key whose point alone is in *text*, of 33 bytes or of 65.

    Raises:
        SigningKeyError: It is none.
    """
    point = _from_base58(text)
    if len(point) not in {33, 65}:
        size = count_text(len(point), "byte")
        raise SigningKeyError(f"the key's point has {size}, not 33 or 65")
    return _key_on(curve, point)


def _key_on(curve: Curve, point: bytes) -> SigningKey:
    compressed = curve.compressed(point)
    if compressed is None:
        raise SigningKeyError(f"the key is no point of {curve.name}")
    return SigningKey(curve, compressed)


def _from_base58(text: str) -> bytes:
    from multiformats import multibase  # noqa: PLC0415 (0.1 s)

    if len(text) > _LONGEST:
        raise SigningKeyError(f"a key of {len(text):,} characters is none")
    if text.startswith("did:"):
        raise SigningKeyError(
            f"{text[:60]!a} is an account, and no key: its DID document has the key"
        )
    if not text.startswith("z"):
        raise SigningKeyError(
            f"{text[:60]!a} is no key: a key is did:key:z…, or z… alone"
        )
    try:
        return multibase.decode(text)
    except (KeyError, ValueError):
        raise SigningKeyError(f"{text[:60]!a} is not in base58") from None
