"""Facts about DID documents: who signs, by each of the forms that there are."""

from __future__ import annotations

import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from repoview.core.errors import SigningKeyError
from repoview.core.signature.documents import Signer, read_document
from repoview.core.signature.keys import read_key
from repoview.corpus.signing import ALICE, BOB, Pair, base58
from tests.vectors import needs_vectors, vector

WITHOUT_KERNEL = True

DID = "did:plc:ewvi7nxzyoun6zhxrhs64oiz"
ALICES = read_key(ALICE.did_key)


def method(**fields: Any) -> dict[str, Any]:
    """Return a method of a DID document, by default that of Alice's key."""
    right = {
        "id": "#atproto",
        "type": "Multikey",
        "controller": DID,
        "publicKeyMultibase": ALICE.multikey,
    }
    return right | fields


def read(*methods: Any, **fields: Any) -> Signer:
    """Read a DID document with these methods."""
    told = {"id": DID, "verificationMethod": list(methods)} | fields
    return read_document(json.dumps(told))


@needs_vectors
def test_three_forms_of_a_document_give_the_key_of_one_account() -> None:
    """That of a server with its older kind of key, and the directory's data."""
    document = read_document(vector("pds/did.json").read_text())
    data = read_document(vector("pds/plcdata.json").read_text())
    assert document == data
    assert document.did == "did:plc:xoouhrvcxrnlu2uwzfwsantb"
    assert document.key is not None
    assert document.key.text == (
        "did:key:zQ3shsBL3uZ3BSQJzZFiE1sEDuCG3y6VTEjF74f2DQSuPFe38"
    )


@pytest.mark.parametrize("name", ["#atproto", f"{DID}#atproto"])
def test_the_method_may_be_named_in_short_or_in_full(name: str) -> None:
    """Both stand in documents."""
    assert read(method(id=name)) == Signer(DID, ALICES)


@pytest.mark.parametrize("pair", [ALICE, BOB], ids=["K-256", "P-256"])
@pytest.mark.parametrize(
    "form", [PublicFormat.CompressedPoint, PublicFormat.UncompressedPoint]
)
def test_older_kinds_of_keys_are_a_bare_point(pair: Pair, form: PublicFormat) -> None:
    """In 33 bytes or in 65, on the curve that the type names."""
    key = base58(pair.point(form))
    signer = read(method(type=pair.curve.suite, publicKeyMultibase=key))
    assert signer == Signer(DID, read_key(pair.did_key))


def test_the_first_method_of_the_name_that_can_be_read_is_taken() -> None:
    """Others, and those that cannot be read, are passed by."""
    signer = read(
        "no method",
        {"type": "Multikey"},
        method(id="#atproto_label", publicKeyMultibase=BOB.multikey),
        method(publicKeyMultibase="zNoKey"),
        method(),
        method(publicKeyMultibase=BOB.multikey),
    )
    assert signer == Signer(DID, ALICES)


@pytest.mark.parametrize(
    "told",
    [
        {"did": DID, "verificationMethods": {"atproto": ALICE.did_key}},
        {"did": DID, "signingKey": ALICE.did_key, "recoveryKey": BOB.did_key},
    ],
    ids=["data", "oldest operation"],
)
def test_what_the_directory_has_is_read(told: dict[str, Any]) -> None:
    """And an operation that does not say whose it is gives the key alone."""
    assert read_document(json.dumps(told)) == Signer(DID, ALICES)
    del told["did"]
    assert read_document(json.dumps(told)) == Signer(None, ALICES)


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"verificationMethod": []}, "no key that is called #atproto"),
        ({"verificationMethod": None}, "no key that is called #atproto"),
        ({"verificationMethod": [method(id="#other")]}, "no key that is called"),
        ({"verificationMethod": [method(type=7)]}, "a key of type '7' is not known"),
        (
            {"verificationMethod": [method(type="JsonWebKey2020")]},
            "a key of type 'JsonWebKey2020' is not known",
        ),
        (
            {"verificationMethod": [method(publicKeyMultibase=None)]},
            "a Multikey has no `publicKeyMultibase`",
        ),
        (
            {
                "verificationMethod": [
                    method(type=ALICE.curve.suite, publicKeyMultibase=7)
                ]
            },
            "the EcdsaSecp256k1VerificationKey2019 has no `publicKeyMultibase`",
        ),
        (
            {"verificationMethod": [method(publicKeyMultibase="zNoKey")]},
            "does not begin with the number of a kind of key",
        ),
        ({"verificationMethods": {}}, "`verificationMethods` has no `atproto`"),
        ({"verificationMethods": []}, "`verificationMethods` has no `atproto`"),
        ({"signingKey": None}, "`signingKey` is no text"),
    ],
)
def test_a_document_without_a_key_says_why(told: dict[str, Any], why: str) -> None:
    """It is a document all the same, and may be right."""
    signer = read_document(json.dumps({"id": DID, **told}))
    assert (signer.did, signer.key) == (DID, None)
    assert why in signer.trouble


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "is no JSON"),
        ("did:key:zQ3sh", "is no JSON"),
        ("[" * 100_000, "is no JSON"),
        ("1" * 5_000, "is no JSON"),
        ("[]", "is no DID document"),
        ('{"error": "NotFound"}', "is no DID document"),
        ("null", "is no DID document"),
    ],
)
def test_what_is_no_document_is_refused(text: str, why: str) -> None:
    """As JSON, or as a document."""
    with pytest.raises(SigningKeyError, match=why):
        read_document(text)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=6,
)


@given(
    st.sampled_from(["verificationMethod", "verificationMethods", "signingKey"]),
    JSON | st.dictionaries(st.just("atproto"), JSON),
    st.lists(
        st.builds(
            lambda change: method() | change,
            st.dictionaries(st.sampled_from(list(method())), JSON),
        )
    ),
)
def test_no_document_has_another_outcome(form: str, told: Any, methods: Any) -> None:
    """There is a key, or a reason why not."""
    for value in (told, methods):
        signer = read_document(json.dumps({"id": DID, form: value}))
        assert (signer.key is None) == bool(signer.trouble)
