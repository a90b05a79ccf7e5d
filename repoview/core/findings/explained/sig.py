"""The codes SIG, explained."""

from __future__ import annotations

from typing import Final

from repoview.core.findings.explained.explanation import Explanation
from repoview.core.findings.explained.readers import ALL, Readers

EXPLAINED: Final = {
    "SIG001": Explanation(
        why=(
            "Hashes prove that a file is consistent, not whose it is: anyone can build "
            "such a tree and put any DID into it. The account's key is what nobody "
            "else has."
        ),
        cause="No key was given. repoview fetches nothing by itself.",
        fix=(
            "Resolve the DID, and verify the newest commit with the key `#atproto` of "
            "its document."
        ),
        readers=Readers(),
    ),
    "SIG002": Explanation(
        why=(
            "This is the only step that ties the tree to the account. If it fails, "
            "everything below is consistent and might be made by anyone."
        ),
        cause=(
            "The account changed its key since, the key is another's, or the commit "
            "was changed when it was signed already."
        ),
        fix=(
            "Sign again when the key changes. Sign the commit without the field `sig`, "
            "not with one that is null."
        ),
        readers=Readers(
            "TS AC AR IG*",
            miss="AM RS*",
            note="atmst and repo-stream do not check signatures.",
        ),
    ),
    "SIG003": Explanation(
        why=(
            "From a signature anyone can compute the other one, without the key. If "
            "both were allowed, a stranger could give a commit a second CID."
        ),
        cause="A library for signatures that leaves `s` in the upper half.",
        fix="If `s` is over half of the curve's order n, write n - s.",
        readers=Readers("TS AC IG*", miss="AR"),
    ),
    "SIG004": Explanation(
        why=(
            "With one form, a signature has one length and one encoding, and readers "
            "need no parser for DER, whose variants have led libraries to disagree."
        ),
        cause="A library for signatures that writes DER unless told otherwise.",
        fix="Ask the library for `r` and `s` one behind the other.",
        readers=Readers("TS AC AR IG*"),
    ),
    "SIG005": Explanation(
        why=(
            "The document is where an account says which key is its own. Another entry "
            "of it may be for something else, and its owner another."
        ),
        cause=(
            "A document of a service and not of an account, a key of another kind, or "
            "a document that was edited."
        ),
        fix=(
            "Write the key as a Multikey: `z`, and in base58 the code of the curve and "
            "the compressed point."
        ),
        readers=Readers(ALL),
    ),
    "SIG006": Explanation(
        why=(
            "A document that is not the account's proves that somebody has signed, but "
            "not that the account has."
        ),
        cause="The document of another account was given.",
        fix=(
            "Compare `id` of the document with `did` of the commit before you use its "
            "key."
        ),
        readers=Readers(),
    ),
    "SIG007": Explanation(
        why=(
            "It is the end of the chain: the key signs the commit, the commit names "
            "the tree, and the tree names each record by its hash."
        ),
        cause="The key that was given has signed this commit.",
        fix="There is nothing to do.",
        readers=Readers(),
    ),
    "SIG008": Explanation(
        why=(
            "At the edges of the range the arithmetic of ECDSA breaks down: verifiers "
            "that did not look have accepted zeros for any message and any key."
        ),
        cause=(
            "Zeros in the place of a signature, as in a test or a commit that was "
            "never signed; or damaged bytes."
        ),
        fix="Check the range before you compute with them.",
        readers=Readers("TS AC"),
    ),
    "SIG009": Explanation(
        why=(
            "What is left out of the signature can be changed by anyone without "
            "breaking it. And readers that verify what the specification says refuse "
            "the commit."
        ),
        cause=(
            "A program that decodes a commit into fields of its own, and encodes those "
            "to sign or verify it."
        ),
        fix="Sign the encoding of what is stored: all of its fields, without `sig`.",
        readers=Readers(),
    ),
}
