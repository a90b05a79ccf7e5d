"""DID documents: which key an account signs its commits with.

Three forms are read. A DID document lists `verificationMethod`, and the one
that is called ``#atproto`` has the key, as a Multikey or in one of two older
forms; the data of the PLC directory has a ``did:key`` under
`verificationMethods`, and its oldest operations have one as `signingKey`.

Source: atproto DID, "DID Documents"; DID PLC method, "Operation Serialization".
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from repoview.core.errors import SigningKeyError
from repoview.core.signature.curves import K256, P256
from repoview.core.signature.keys import read_bare_key, read_key

if TYPE_CHECKING:
    from repoview.core.signature.keys import SigningKey

_METHOD: Final = "#atproto"
_BARE: Final = {
    "EcdsaSecp256k1VerificationKey2019": K256,
    "EcdsaSecp256r1VerificationKey2019": P256,
}
"""Types whose key is the point alone."""

_FORMS: Final = ("verificationMethod", "verificationMethods", "signingKey")


@dataclass(frozen=True, slots=True)
class Signer:
    """Who should have signed a commit."""

    did: str | None
    """The account; None where only the key is known."""

    key: SigningKey | None
    trouble: str = ""
    """Why there is no key, if so."""


def read_document(text: str) -> Signer:
    """Return who signs, as a DID document or the PLC directory's data says.

    A key that cannot be read is reported in the result and raises nothing: the
    document may be right, and made for another network.

    Raises:
        SigningKeyError: It is no such document; the message is a sentence.
    """
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        raise SigningKeyError("the DID document is no JSON") from None
    if not isinstance(told, dict) or not any(form in told for form in _FORMS):
        raise SigningKeyError(
            "it is no DID document: it has no `verificationMethod`, and none of the "
            "PLC directory's `verificationMethods`"
        )
    did = told.get("id", told.get("did"))
    try:
        key, trouble = _key_of(told), ""
    except SigningKeyError as error:
        key, trouble = None, str(error)
    return Signer(did if isinstance(did, str) else None, key, trouble)


def _key_of(told: dict[str, Any]) -> SigningKey:
    if "verificationMethod" in told:
        return _key_of_methods(told["verificationMethod"])
    if "verificationMethods" in told:
        methods = told["verificationMethods"]
        key = methods.get("atproto") if isinstance(methods, dict) else None
        return _read(key, "`verificationMethods` has no `atproto`")
    return _read(told["signingKey"], "`signingKey` is no text")


def _key_of_methods(methods: object) -> SigningKey:
    """Return the first key of those called ``#atproto`` that can be read."""
    refused = None
    for method in methods if isinstance(methods, list) else ():
        name = method.get("id") if isinstance(method, dict) else None
        if not isinstance(name, str) or not name.endswith(_METHOD):
            continue
        try:
            return _key_of_method(method)
        except SigningKeyError as error:
            refused = refused or error
    raise refused or SigningKeyError("the document has no key that is called #atproto")


def _key_of_method(method: dict[str, Any]) -> SigningKey:
    kind, key = method.get("type"), method.get("publicKeyMultibase")
    if kind == "Multikey":
        return _read(key, "a Multikey has no `publicKeyMultibase`")
    if not isinstance(kind, str) or kind not in _BARE:
        raise SigningKeyError(f"a key of type {str(kind)[:60]!a} is not known")
    if not isinstance(key, str):
        raise SigningKeyError(f"the {kind} has no `publicKeyMultibase`")
    return read_bare_key(key, _BARE[kind])


def _read(key: object, lack: str) -> SigningKey:
    if not isinstance(key, str):
        raise SigningKeyError(lack)
    return read_key(key)
