"""Cases of the commit's signature."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from repoview.corpus.case import Broken, Cases, Twin
from repoview.corpus.cbor import encode
from repoview.corpus.repo import DID, sample
from repoview.corpus.signing import ALICE, BOB, K256, P256, raw
from repoview.corpus.tree import ABSENT

if TYPE_CHECKING:
    from collections.abc import Callable

    from repoview.corpus.repo import Repo

CASES = Cases()

ALICES: Final = {"key": ALICE.did_key}
SIG: Final = encode("sig")
BOBS: Final = {"key": BOB.multikey}


def document(did: str = DID, key: object = ALICE.multikey) -> str:
    """Return a DID document with a key of the account *did*."""
    method = {"id": f"{did}#atproto", "type": "Multikey", "controller": did}
    methods = [method | {"publicKeyMultibase": key}]
    return json.dumps({"id": did, "verificationMethod": methods})


def signed(
    sign: Callable[[bytes], bytes],
    unsigned: Callable[[Repo], Any] | None = None,
    *,
    at: str = "",
) -> Broken:
    """Sign the commit of the sample.

    Args:
        sign: Given the bytes, returns the signature.
        unsigned: Returns the fields that are signed, if not those of the commit.
        at: What the fault is at: "length" of the signature, "r" or "s" in it.
    """
    repo = sample()
    repo.commit["sig"] = ABSENT
    fields = repo.fields() if unsigned is None else unsigned(repo)
    repo.commit["sig"] = sign(encode(fields))
    car = repo.car()
    begins = repo.data.index(SIG) + len(SIG)
    # Behind the head of a length of 64 stand two numbers of 32 bytes.
    inside = {"length": begins, "r": begins + 2, "s": begins + 2 + 32}.get(at)
    return Broken(car, car.offset_of(repo.cid), inside)


def bobs(broken: Broken) -> Broken:
    """Give *broken* the twin that Bob signed."""
    return replace(broken, twin=Twin(signed(BOB.sign).car))


@CASES.error("SIG002", "invalid", options=BOBS)
def signed_with_another_key() -> Broken:
    """Another key than the given one signed it."""
    return bobs(signed(ALICE.sign))


@CASES.error("SIG002", "invalid", options=ALICES)
def signed_another_commit() -> Broken:
    """The signature is that of another revision."""
    return signed(ALICE.sign, lambda repo: repo.fields() | {"rev": "3jzfcijpj2z2a"})


@CASES.error("SIG003", "invalid", options=ALICES)
def high_s() -> Broken:
    """The greater of the two numbers `s` stands in the signature."""
    return signed(ALICE.sign_high, at="s")


@CASES.error("SIG003", "invalid", options=BOBS)
def high_s_on_the_other_curve() -> Broken:
    """So on P-256."""
    return bobs(signed(BOB.sign_high, at="s"))


@CASES.error("SIG004", "invalid")
def der() -> Broken:
    """The signature is in DER; nobody has to know the key."""
    return signed(ALICE.sign_in_der, at="length")


@CASES.error("SIG004", "invalid", options=ALICES)
def der_of_the_key() -> Broken:
    """It is in DER, and would be right otherwise."""
    return signed(ALICE.sign_in_der, at="length")


@CASES.error("SIG004", "invalid")
def empty_signature() -> Broken:
    """There is a signature of no bytes."""
    return signed(lambda _: b"", at="length")


@CASES.error("SIG004", "invalid")
def signature_of_65_bytes() -> Broken:
    """A byte stands behind the signature, as Ethereum has it."""
    return signed(lambda data: ALICE.sign(data) + b"\x1b", at="length")


@CASES.error("SIG005", "invalid", options={"document": document(key="zNoKey")})
def key_of_the_document_is_none() -> Broken:
    """The DID document has a key that cannot be read."""
    return signed(ALICE.sign)


@CASES.error(
    "SIG005",
    "invalid",
    options={"document": json.dumps({"id": DID, "verificationMethod": []})},
)
def document_without_a_key() -> Broken:
    """The DID document has no key."""
    return signed(ALICE.sign)


@CASES.warning(
    "SIG006",
    beside={"SIG007"},
    options={"document": document(DID[:-1] + "a")},
)
def document_of_another_account() -> Broken:
    """The key is right, and the document is that of somebody else."""
    return signed(ALICE.sign)


@CASES.info("SIG007", options=ALICES)
def signed_on_k256() -> Broken:
    """The signature is right under a key on K-256."""
    return signed(ALICE.sign)


@CASES.info("SIG007", options=BOBS)
def signed_on_p256() -> Broken:
    """The signature is right under a key on P-256."""
    return signed(BOB.sign)


@CASES.info("SIG007", options={"document": document()})
def signed_with_the_key_of_the_document() -> Broken:
    """The signature is right under the key of the account's DID document."""
    return signed(ALICE.sign)


@CASES.info("SIG007", beside={"COM005"}, options=ALICES)
def signed_in_version_2() -> Broken:
    """A commit of version 2 is signed over its own fields."""
    repo = sample()
    repo.commit.update(version=2, rev=ABSENT, sig=ABSENT)
    repo.commit["sig"] = ALICE.sign(encode(repo.fields()))
    car = repo.car()
    return Broken(car, car.offset_of(repo.cid))


@CASES.info("SIG007", beside={"COM013"}, odd=True, options=ALICES)
def signed_with_a_field_of_its_own() -> Broken:
    """A field that the specification does not name is signed like the others."""
    repo = sample()
    repo.commit.update(note="signed in haste", sig=ABSENT)
    repo.commit["sig"] = ALICE.sign(encode(repo.fields()))
    car = repo.car()
    return Broken(car, car.offset_of(repo.cid))


@CASES.error("SIG008", "invalid")
def signature_of_zeros() -> Broken:
    """Both numbers are 0."""
    return signed(lambda _: bytes(64), at="r")


@CASES.error("SIG008", "invalid")
def r_is_zero() -> Broken:
    """The first number is 0."""
    return signed(lambda _: raw(0, 1), at="r")


@CASES.error("SIG008", "invalid")
def s_is_zero() -> Broken:
    """The second number is 0."""
    return signed(lambda _: raw(1, 0), at="s")


@CASES.error("SIG008", "invalid")
def s_is_beyond_both_curves() -> Broken:
    """The second number is the order of the larger curve."""
    return signed(lambda _: raw(1, K256.order), at="s")


@CASES.error("SIG008", "invalid", options=BOBS)
def r_is_beyond_the_curve_of_the_key() -> Broken:
    """The first number is the order of P-256; K-256 could have it."""
    return bobs(signed(lambda _: raw(P256.order, 1), at="r"))


@CASES.warning("SIG009", options=ALICES)
def signed_without_prev() -> Broken:
    """The commit has a `prev` of null, and was signed without."""

    def less(repo: Repo) -> dict[str, Any]:
        return {k: v for k, v in repo.fields().items() if k != "prev"}

    return signed(ALICE.sign, less)


@CASES.warning("SIG009", beside={"COM013"}, options=ALICES)
def field_added_to_a_signed_commit() -> Broken:
    """A field was put in after the commit was signed."""
    repo = sample()
    repo.commit["sig"] = ABSENT
    repo.commit.update(sig=ALICE.sign(encode(repo.fields())), note="put in later")
    car = repo.car()
    return Broken(car, car.offset_of(repo.cid))


@CASES.error("COM016", "invalid", also={"CBR008"}, beside={"SIG009"}, options=ALICES)
def signed_out_of_order() -> Broken:
    """The commit was signed in the order of its keys' letters, as it stands."""
    repo = sample()
    repo.commit["sig"] = ABSENT
    return Broken(*_lettered(repo))


def _lettered(repo: Repo) -> tuple[Any, int]:
    """Sign the commit of *repo* with its fields in the order of the letters."""
    sig = ALICE.sign(_in_letters(repo.fields()))
    repo.raw = _in_letters(repo.fields() | {"sig": sig})
    car = repo.car()
    return car, car.offset_of(repo.cid)


def _in_letters(fields: dict[str, Any]) -> bytes:
    pairs = (encode(name) + encode(fields[name]) for name in sorted(fields))
    return bytes([0xA0 + len(fields)]) + b"".join(pairs)
