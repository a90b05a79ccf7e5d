"""Facts about keys: the texts that say one, and why others say none."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import PublicFormat
from hypothesis import given
from hypothesis import strategies as st
from multiformats import multibase

from repoview.core.errors import SigningKeyError
from repoview.core.signature.curves import K256, P256, Curve
from repoview.core.signature.keys import read_bare_key, read_key
from repoview.corpus import signing
from repoview.corpus.signing import ALICE, BOB, Pair, base58
from tests.vectors import read_json

WITHOUT_KERNEL = True

CURVES = ((signing.K256, K256), (signing.P256, P256))
PAIRS = st.builds(
    Pair, st.sampled_from([signing.K256, signing.P256]), st.integers(1, 2**255)
)


def secret_of(case: dict[str, str]) -> int:
    """Return the private key of a vector."""
    if "privateKeyBytesHex" in case:
        return int(case["privateKeyBytesHex"], 16)
    raw = multibase.decode("z" + case["privateKeyBytesBase58"])
    return int.from_bytes(raw, "big")


@pytest.mark.parametrize("curve", CURVES, ids=lambda pair: pair[1].name)
def test_the_public_keys_of_known_private_ones_are_read(
    curve: tuple[signing.Curve, Curve],
) -> None:
    """As the specification of did:key has them."""
    theirs, ours = curve
    cases: Any = read_json(
        f"interop/crypto/w3c_didkey_{ours.name.replace('-', '')}.json"
    )
    for case in cases:
        key = read_key(case["publicDidKey"])
        assert (key.curve, key.point) == (ours, Pair(theirs, secret_of(case)).point())
        assert key.text == case["publicDidKey"]


@given(PAIRS)
def test_a_key_is_read_from_each_of_its_texts(pair: Pair) -> None:
    """With the words in front or not; alone with its curve, in 33 bytes or 65."""
    key = read_key(pair.did_key)
    assert key.point == pair.point()
    assert key.text == pair.did_key
    assert read_key(f" {pair.multikey}\n") == key
    for form in (PublicFormat.CompressedPoint, PublicFormat.UncompressedPoint):
        assert read_bare_key(base58(pair.point(form)), key.curve) == key


@given(PAIRS, st.integers(0, 8 * 65 - 1))
def test_a_point_with_a_bit_changed_is_another_or_none(pair: Pair, bit: int) -> None:
    """Of the form with both coordinates, none."""
    curve = dict(CURVES)[pair.curve]
    whole = pair.point(PublicFormat.UncompressedPoint)
    changed = (int.from_bytes(whole, "big") ^ 1 << bit).to_bytes(65, "big")
    assert curve.compressed(changed) is None
    if bit < 8 * 33:
        less = (int.from_bytes(pair.point(), "big") ^ 1 << bit).to_bytes(33, "big")
        assert curve.compressed(less) in {None, less}
        assert curve.compressed(less) != pair.point()


@pytest.mark.parametrize("curve", [K256, P256], ids=lambda curve: curve.name)
def test_a_coordinate_beyond_the_prime_is_refused(curve: Curve) -> None:
    """It would be a second name of a point."""
    x = next(
        x
        for x in range(1, 100)
        if curve.compressed(b"\2" + x.to_bytes(32, "big")) is not None
    )
    assert curve.compressed(b"\2" + (x + curve.prime).to_bytes(32, "big")) is None
    assert curve.compressed(b"") is None


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "is no key: a key is did:key:z…, or z… alone"),
        ("did:key:", "is no key"),
        (
            "did:plc:ewvi7nxzyoun6zhxrhs64oiz",
            "is an account, and no key: its DID document has the key",
        ),
        ("alice.example.com", "is no key"),
        ("z" + "1" * 500, "a key of 501 characters is none"),
        ("z0OIl", "is not in base58"),
        ("zé", "is not in base58"),
        ("z", "does not begin with the number of a kind of key"),
        (base58(ALICE.point()), "a bare point of 33 bytes, which does not say on what"),
        (
            base58(BOB.point(PublicFormat.UncompressedPoint)),
            "a bare point of 65 bytes, which does not say on what",
        ),
        (
            base58(b"\xed\x01" + bytes(32)),
            "of the kind ed25519-pub: commits are signed",
        ),
        (base58(b"\x81\x24" + bytes(49)), "of the kind p384-pub: commits are signed"),
        (base58(b"\xff\xff\xff\x7f"), "does not begin with the number"),
        (base58(b"\xe7\x01"), "the key's point has 0 bytes, not 33"),
        (
            base58(b"\xe7\x01" + ALICE.point(PublicFormat.UncompressedPoint)),
            "the key's point has 65 bytes, not 33",
        ),
        (base58(b"\xe7\x01" + bytes(33)), "the key is no point of K-256"),
        (base58(b"\x80\x24\x05" + BOB.point()[1:]), "the key is no point of P-256"),
    ],
)
def test_a_text_that_is_no_key_is_refused_with_the_reason(text: str, why: str) -> None:
    """Each in words of its own."""
    with pytest.raises(SigningKeyError) as caught:
        read_key(text)
    assert why in str(caught.value)


def test_a_bare_key_of_another_length_is_refused() -> None:
    """Its curve is known, and has points of 33 bytes, or 65."""
    with pytest.raises(SigningKeyError, match="has 32 bytes, not 33 or 65"):
        read_bare_key(base58(b"\1" * 32), K256)


@given(st.text() | st.binary().map(base58))
def test_no_text_has_another_outcome(text: str) -> None:
    """It is a key, or refused."""
    for read in (read_key, lambda text: read_bare_key(text, P256)):
        with suppress(SigningKeyError):
            assert len(read(text).point) == 33
