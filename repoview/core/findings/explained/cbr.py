"""The codes CBR, explained."""

from __future__ import annotations

from typing import Final

from repoview.core.findings.explained.explanation import Explanation
from repoview.core.findings.explained.readers import ALL, Readers

EXPLAINED: Final = {
    "CBR001": Explanation(
        cause=(
            "An encoder that stopped early, or a length or count that says more than "
            "was written."
        ),
        fix="Hash and write a block only when its encoder is done.",
        readers=Readers(ALL),
    ),
    "CBR002": Explanation(
        cause=(
            "Two objects in one block, padding, or a buffer that is longer than what "
            "was encoded into it."
        ),
        fix="Cut the buffer to what the encoder wrote.",
        readers=Readers(
            "TS AC AM AR",
            miss="LI",
            note="libipld goes on reading at the wrong byte.",
        ),
    ),
    "CBR003": Explanation(
        cause=(
            "A general CBOR encoder that writes integers or lengths of a fixed width."
        ),
        fix="Use a DAG-CBOR encoder, or have yours encode deterministically.",
        readers=Readers("TS AC AM AR", miss="LI"),
    ),
    "CBR004": Explanation(
        cause="A streaming encoder, which begins to write before it knows the length.",
        fix="Have the encoder write definite lengths.",
        readers=Readers("TS AC AM AR LI"),
    ),
    "CBR005": Explanation(
        cause="Damaged bytes, or bytes that are no CBOR.",
        fix="Stop decoding there: where the next item begins is not known.",
        readers=Readers(ALL),
    ),
    "CBR006": Explanation(
        cause="A map of a program with numbers or bytes as keys, written as it is.",
        fix="Turn the keys into text, or store an array of pairs.",
        readers=Readers(ALL),
    ),
    "CBR007": Explanation(
        cause=(
            "An encoder that appends a field without looking whether it is there, or "
            "data made so that readers see different values."
        ),
        fix="Refuse it when you decode what others wrote.",
        readers=Readers("TS AC AM AR LI"),
    ),
    "CBR008": Explanation(
        cause=(
            "An encoder that sorts keys as words in a dictionary (`aa` before `b`), "
            "keeps the order in which they were set, or counts characters and not "
            "bytes."
        ),
        fix="Sort by the length of the UTF-8, then byte by byte.",
        readers=Readers("AC AM AR LI", miss="TS"),
    ),
    "CBR009": Explanation(
        cause=(
            "A general encoder that gives dates, large numbers or sets a tag of their "
            "own."
        ),
        fix="Store dates as text, and large numbers as text or bytes.",
        readers=Readers(ALL),
    ),
    "CBR010": Explanation(
        cause=(
            "A writer that forgets the 00, puts the CID in as text, or writes an empty "
            "link for none."
        ),
        fix="For no link, leave the field out or write null.",
        readers=Readers(
            "AC TS AM AR LI",
            note="atmst looks at the 00 only.",
        ),
    ),
    "CBR011": Explanation(
        cause="A number with a fraction in a record, such as a coordinate or a rating.",
        fix="Store an integer in a smaller unit, or text.",
        readers=Readers(
            note="All decoders that were compared take it.",
        ),
    ),
    "CBR012": Explanation(
        cause=(
            "An encoder that shortens floats, as RFC 8949 prefers; or a computation "
            "that gave no number."
        ),
        fix="Store an integer in a smaller unit, or text.",
        readers=Readers(
            "AC AM AR LI",
            note=(
                "@atproto/repo takes 16-bit floats and refuses NaN; only libipld "
                "refuses -0.0."
            ),
        ),
    ),
    "CBR013": Explanation(
        cause="A field that is undefined in JavaScript, written as such.",
        fix="Leave fields without a value out, or write null.",
        readers=Readers(
            "AC AM AR LI",
            miss="TS",
            note="@atproto/repo reads undefined as null.",
        ),
    ),
    "CBR014": Explanation(
        cause=(
            "Bytes of another encoding written as text, text that was cut within a "
            "character, or half a surrogate pair."
        ),
        fix="Check text when it comes in, and cut it between characters.",
        readers=Readers(
            "AC AM! AR LI",
            miss="TS",
            note="@atproto/repo puts replacement characters in the place.",
        ),
    ),
    "CBR015": Explanation(
        cause=(
            "A number without a sign that takes all 64 bits, such as a hash or an "
            "identifier."
        ),
        fix="Store such a number as text or bytes.",
        readers=Readers(
            "AC",
            note="The others take it.",
        ),
    ),
    "CBR016": Explanation(
        cause="A time in nanoseconds, or an identifier of 64 bits.",
        fix="Store such a number as text.",
        readers=Readers(
            "AC",
            note="The others take it.",
        ),
    ),
    "CBR017": Explanation(
        cause=(
            "A program that nests without a bound, or a record made to overflow the "
            "stack of readers."
        ),
        fix="Decode without recursion, or count the depth.",
        readers=Readers("TS! AR! LI", miss="AM AC"),
    ),
    "CBR018": Explanation(
        cause=(
            "A block that was cut, a damaged length, or one made large to have readers "
            "allocate memory."
        ),
        fix="Compare a length with the bytes that are left before you allocate.",
        readers=Readers(ALL),
    ),
    "CBR019": Explanation(
        cause="A list in one record that grew without a bound.",
        fix="Spread it over several records.",
        readers=Readers("IG*"),
    ),
    "CBR020": Explanation(
        cause="What a person typed in, used as a key without a look at it.",
        fix="Refuse empty names.",
        readers=Readers(),
    ),
    "CBR021": Explanation(
        cause="A write that failed, or a record that was emptied in place of deleted.",
        fix="Write a block only when its encoder is done.",
        readers=Readers(ALL),
    ),
}
