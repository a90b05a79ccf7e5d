"""The codes SIG, explained."""

from __future__ import annotations

from typing import Final

from repoview.core.findings.explained.explanation import Explanation
from repoview.core.findings.explained.readers import ALL, Readers

EXPLAINED: Final = {
    "SIG001": Explanation(
        cause="No key was given. repoview fetches nothing by itself.",
        fix=(
            "Resolve the DID, and verify the newest commit with the key `#atproto` of "
            "its document."
        ),
        readers=Readers(),
    ),
    "SIG002": Explanation(
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
        cause="A library for signatures that leaves `s` in the upper half.",
        fix="If `s` is over half of the curve's order n, write n - s.",
        readers=Readers("TS AC IG*", miss="AR"),
    ),
    "SIG004": Explanation(
        cause="A library for signatures that writes DER unless told otherwise.",
        fix="Ask the library for `r` and `s` one behind the other.",
        readers=Readers("TS AC AR IG*"),
    ),
    "SIG005": Explanation(
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
        cause="The document of another account was given.",
        fix=(
            "Compare `id` of the document with `did` of the commit before you use its "
            "key."
        ),
        readers=Readers(),
    ),
    "SIG007": Explanation(
        cause="The key that was given has signed this commit.",
        fix="There is nothing to do.",
        readers=Readers(),
    ),
    "SIG008": Explanation(
        cause=(
            "Zeros in the place of a signature, as in a test or a commit that was "
            "never signed; or damaged bytes."
        ),
        fix="Check the range before you compute with them.",
        readers=Readers("TS AC"),
    ),
    "SIG009": Explanation(
        cause=(
            "A program that decodes a commit into fields of its own, and encodes those "
            "to sign or verify it."
        ),
        fix="Sign the encoding of what is stored: all of its fields, without `sig`.",
        readers=Readers(),
    ),
}
