"""The signature of the commit."""

from __future__ import annotations

from typing import Final

from repoview.core.findings.catalogue.rule import ERROR, INFO, TREE, WARNING, Rule
from repoview.core.findings.catalogue.specs import CRYPTO, DID, REPO, SEC1

RULES: Final = (
    Rule(
        "SIG001",
        "signature-checked",
        INFO,
        TREE,
        "the signature was not checked",
        must=(
            "A signature should be checked with the account's key, which the DID "
            "document has and the repository has not."
        ),
        recovery=(
            "Everything else is judged; who wrote it is not proved. No finding says "
            "so, for it would stand in every report: beside the verdict is `signature "
            "not checked`, and in JSON `signature` is `not-checked`."
        ),
        sources=(REPO.at("Commit Objects"),),
    ),
    Rule(
        "SIG002",
        "signature-valid",
        ERROR,
        TREE,
        "the signature does not hold under the key",
        must=(
            "The account's key must have signed the SHA-256 of the commit without "
            "`sig`."
        ),
        recovery="The repository is read; who wrote it is not proved.",
        sources=(REPO.at("Commit Objects"),),
        note=(
            "Accounts change their keys, and a DID document has only the newest: an "
            "old export may be right, and signed with the one before."
        ),
    ),
    Rule(
        "SIG003",
        "signature-low-s",
        ERROR,
        TREE,
        "the signature holds, but is high-S",
        must="The signature must be low-S, on both curves.",
        recovery="Some readers take it, and others refuse it.",
        sources=(CRYPTO.at("ECDSA Signature Malleability"),),
        note=(
            "Of every signature there are two; if both were allowed, one content would "
            "have two commits."
        ),
    ),
    Rule(
        "SIG004",
        "signature-64-bytes",
        ERROR,
        TREE,
        "the signature has not 64 bytes",
        must="The signature must be `r` and `s` in 32 bytes each, and not DER.",
        recovery="One in DER is held to the key in its right form, and stays wrong.",
        sources=(CRYPTO.at(),),
        note="No key can make it right.",
    ),
    Rule(
        "SIG005",
        "signature-key-readable",
        ERROR,
        TREE,
        "the DID document gives no key that can be read",
        must=(
            "The DID document must have a key called `#atproto`, a Multikey on P-256 "
            "or K-256."
        ),
        recovery="The signature is not checked.",
        sources=(DID.at("Representation of Public Keys"),),
        note="The document was given with `--did-doc`.",
    ),
    Rule(
        "SIG006",
        "signature-own-document",
        WARNING,
        TREE,
        "the DID document is of another account",
        must="The DID document must be that of the account in the commit.",
        recovery="Its key is used all the same.",
        sources=(DID.at(),),
        note=(
            "The key of an account proves its own repository only. The document was "
            "given with `--did-doc`."
        ),
    ),
    Rule(
        "SIG007",
        "signature-verified",
        INFO,
        TREE,
        "the signature holds under the key",
        must="The signature must hold under the account's key, and here it does.",
        recovery="The key is named.",
        sources=(REPO.at("Commit Objects"),),
        note=(
            "The account signs the SHA-256 of the commit without `sig`; version 2 does "
            "so over its own fields."
        ),
    ),
    Rule(
        "SIG008",
        "signature-in-range",
        ERROR,
        TREE,
        "`r` or `s` of the signature is out of range",
        must=(
            "`r` and `s` of the signature must be at least 1 and below the order of "
            "the curve."
        ),
        recovery="The repository is read; who wrote it is not proved.",
        sources=(SEC1.at("§4.1.4"),),
        note="No key can make it right.",
    ),
    Rule(
        "SIG009",
        "signature-standard-form",
        WARNING,
        TREE,
        "the signature holds for another form of the commit only",
        must="The signature must be over all fields but `sig`, in canonical form.",
        recovery="It is taken as verified; some readers take it, and others refuse it.",
        sources=(REPO.at("Commit Objects"),),
        note=(
            "Some programs sign without `prev`, or without fields that they do not "
            "know, or bytes that are not canonical; `did`, `rev` and `data` are signed "
            "all the same."
        ),
    ),
)
