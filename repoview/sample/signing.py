"""The commit of the sample, and the key that signs it, which is no secret."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from repoview.core.formats.dagcbor import strict as dagcbor
from repoview.sample.account import DID, REV

if TYPE_CHECKING:
    from repoview.core.cid import Cid

SIGNING_KEY: Final = "did:key:zQ3shZGyamkX5chveZUVomiJNQ325EPkcHKYt4EUxsLe7b9PJ"
"""The public key of the sample's commit."""

_SECRET: Final = int.from_bytes(b"repoview: this key is no secret.", "big")
_ORDER: Final = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
"""The order of the curve K-256, the default of atproto."""


def signed_commit(
    top: Cid, did: str = DID, rev: str = REV, sig: bytes | None = None
) -> bytes:
    """Return the block of a commit.

    Args:
        top: The CID of the top node.
        did: Whose repository it is.
        rev: Its revision.
        sig: A signature to put in, whatever it is of; None to sign it.
    """
    unsigned: dict[str, dagcbor.Value] = {
        "did": did,
        "version": 3,
        "data": top,
        "rev": rev,
        "prev": None,
    }
    signature = signed(dagcbor.encode(unsigned), _SECRET) if sig is None else sig
    return dagcbor.encode({**unsigned, "sig": signature})


def signed(data: bytes, secret: int) -> bytes:
    """Return a signature in the form of commits: r and s, with low s.

    Args:
        data: What to sign.
        secret: The private key, of the curve K-256.
    """
    from cryptography.hazmat.primitives.asymmetric import (  # noqa: PLC0415 (slow)
        ec,
        utils,
    )
    from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415 (slow)

    key = ec.derive_private_key(secret, ec.SECP256K1())
    signature = key.sign(data, ec.ECDSA(SHA256(), deterministic_signing=True))
    r, s = utils.decode_dss_signature(signature)
    s = min(s, _ORDER - s)
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")
