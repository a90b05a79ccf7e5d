"""The codes KEY, explained."""

from __future__ import annotations

from typing import Final

from repoview.core.findings.explained.explanation import Explanation
from repoview.core.findings.explained.readers import Readers

EXPLAINED: Final = {
    "KEY001": Explanation(
        cause="A record written without a path.",
        fix="Refuse to write a record without collection and record key.",
        readers=Readers("TS AC AM RS*"),
    ),
    "KEY002": Explanation(
        cause="Bytes such as a hash, used as a key.",
        fix="Write bytes in base32 or hexadecimal to have a record key.",
        readers=Readers("TS AC AM! AR! RS*"),
    ),
    "KEY003": Explanation(
        cause=(
            "A path with a slash in front, a record key with a slash in it, or a tree "
            "of other keys, as in test vectors."
        ),
        fix="Check the path when a record is written.",
        readers=Readers("TS AC", miss="AM AR RS*"),
    ),
    "KEY004": Explanation(
        cause="A name of two parts or of one word, or characters that no domain has.",
        fix="Check the collection when a record is written.",
        readers=Readers(
            "IG*",
            miss="TS AC AM AR",
            note="indigo does so in `goat repo unpack` only.",
        ),
    ),
    "KEY005": Explanation(
        cause=(
            "A collection that was named by hand, with capital letters in its domain."
        ),
        fix=(
            "Put the domain part in lower case when a record is written, and leave the "
            "name as it is."
        ),
        readers=Readers(),
    ),
    "KEY006": Explanation(
        cause="A title, an address or another text, used as a record key as it is.",
        fix="Check the record key when a record is written.",
        readers=Readers("TS AC", miss="AM AR RS*"),
    ),
    "KEY007": Explanation(
        cause=(
            "Something taken from a file name or an address; or a key made so that an "
            "export writes outside its folder."
        ),
        fix="Refuse these two. Never use a record key as a file name as it is.",
        readers=Readers(
            "IG*",
            note="indigo does so in `goat repo unpack` only.",
        ),
    ),
    "KEY008": Explanation(
        cause=(
            "A text or an address used as a record key, or a record key made to be "
            "long."
        ),
        fix="Check the lengths when a record is written; hash what is longer.",
        readers=Readers(
            "IG*",
            note="indigo does so in `goat repo unpack` only.",
        ),
    ),
    "KEY010": Explanation(
        cause="A record key made to be long.",
        fix="Keep keys short: under 80 characters is advised.",
        readers=Readers("TS AC IG*"),
    ),
    "KEY011": Explanation(
        cause="A long record key, such as an address.",
        fix="Keep keys short: under 80 characters is advised.",
        readers=Readers(
            "IGo*",
            note="arroba does so when it writes only.",
        ),
    ),
    "KEY012": Explanation(
        cause="Record keys made of words or of base64, which have both cases.",
        fix=(
            "Use one case for record keys. When exporting to files, tell such names "
            "apart."
        ),
        readers=Readers(),
    ),
    "KEY013": Explanation(
        cause=(
            "What a person typed or pasted, used as a record key; or a key made to "
            "change what a terminal shows."
        ),
        fix=(
            "Check the record key when a record is written. Escape keys before you "
            "show them."
        ),
        readers=Readers(
            "TS AC",
            note="They find it as characters that no record key may have.",
        ),
    ),
    "KEY014": Explanation(
        cause="A node made to cost readers memory.",
        fix="Bound the length of a key before you put it together.",
        readers=Readers(),
    ),
    "KEY015": Explanation(
        cause="A collection made to be long.",
        fix="Check the length of the domain part, and not only of the whole.",
        readers=Readers(),
    ),
}
