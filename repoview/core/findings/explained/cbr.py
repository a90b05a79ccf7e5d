"""The codes CBR, explained."""

from __future__ import annotations

from typing import Final

from repoview.core.findings.explained.explanation import Explanation
from repoview.core.findings.explained.readers import ALL, Readers

EXPLAINED: Final = {
    "CBR001": Explanation(
        why=(
            "The hash covers the bytes, and the bytes must be one value to mean one "
            "thing. Of half a value, each reader makes something else."
        ),
        cause=(
            "An encoder that stopped early, or a length or count that says more than "
            "was written."
        ),
        fix="Hash and write a block only when its encoder is done.",
        readers=Readers(ALL),
    ),
    "CBR002": Explanation(
        why=(
            "What stands behind the value is hashed and signed along, but most readers "
            "never see it: a place for bytes that some software takes for content and "
            "other does not."
        ),
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
        why=(
            "If 1 could be written in nine ways, one record would have many CIDs. "
            "Software that decodes a record and encodes it again would then change its "
            "name."
        ),
        cause=(
            "A general CBOR encoder that writes integers or lengths of a fixed width."
        ),
        fix="Use a DAG-CBOR encoder, or have yours encode deterministically.",
        readers=Readers("TS AC AM AR", miss="LI"),
    ),
    "CBR004": Explanation(
        why=(
            "A text in pieces and the same text whole would be two blocks with two "
            "CIDs. And a reader could not tell, before the end, how much it has to "
            "hold."
        ),
        cause="A streaming encoder, which begins to write before it knows the length.",
        fix="Have the encoder write definite lengths.",
        readers=Readers("TS AC AM AR LI"),
    ),
    "CBR005": Explanation(
        why=(
            "These have no meaning, so each decoder would make up its own, and none "
            "could know how far such an item goes."
        ),
        cause="Damaged bytes, or bytes that are no CBOR.",
        fix="Stop decoding there: where the next item begins is not known.",
        readers=Readers(ALL),
    ),
    "CBR006": Explanation(
        why=(
            "Records are JSON for those who use them, and JSON has no other keys. An "
            'integer 1 and a text "1" would fall together there, and one value be '
            "lost."
        ),
        cause="A map of a program with numbers or bytes as keys, written as it is.",
        fix="Turn the keys into text, or store an array of pairs.",
        readers=Readers(ALL),
    ),
    "CBR007": Explanation(
        why=(
            "One decoder keeps the first value, another the last. Then a record says "
            "one thing to who moderates it and another to who shows it, under one "
            "hash."
        ),
        cause=(
            "An encoder that appends a field without looking whether it is there, or "
            "data made so that readers see different values."
        ),
        fix="Refuse it when you decode what others wrote.",
        readers=Readers("TS AC AM AR LI"),
    ),
    "CBR008": Explanation(
        why=(
            "A map has no order of its own, so without a rule one record has as many "
            "CIDs as there are orders of its fields."
        ),
        cause=(
            "An encoder that sorts keys as words in a dictionary (`aa` before `b`), "
            "keeps the order in which they were set, or counts characters and not "
            "bytes."
        ),
        fix="Sort by the length of the UTF-8, then byte by byte.",
        readers=Readers("AC AM AR LI", miss="TS"),
    ),
    "CBR009": Explanation(
        why=(
            "A decoder that does not know a tag drops it or fails, so the value is not "
            "the same for all. JSON has no place for tags either."
        ),
        cause=(
            "A general encoder that gives dates, large numbers or sets a tag of their "
            "own."
        ),
        fix="Store dates as text, and large numbers as text or bytes.",
        readers=Readers(ALL),
    ),
    "CBR010": Explanation(
        why=(
            "Links are how software finds what a record refers to, without knowing its "
            "schema. The 00 in front is the multibase prefix of plain binary, which "
            "DAG-CBOR asks for."
        ),
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
        why=(
            "Floats round differently when they go through JSON and back, and 1.0 and "
            "1 may fall together. A record that changes by being copied has another "
            "CID."
        ),
        cause="A number with a fraction in a record, such as a coordinate or a rating.",
        fix="Store an integer in a smaller unit, or text.",
        readers=Readers(
            note="All decoders that were compared take it.",
        ),
    ),
    "CBR012": Explanation(
        why=(
            "0.5 fits in 16, 32 and 64 bits, and not-a-number has millions of forms: "
            "each would be another CID for one value. JSON cannot say not-a-number or "
            "infinity at all."
        ),
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
        why=(
            "The others have no counterpart in JSON: `undefined` becomes null or "
            "vanishes, and the record is another one afterwards."
        ),
        cause="A field that is undefined in JavaScript, written as such.",
        fix="Leave fields without a value out, or write null.",
        readers=Readers(
            "AC AM AR LI",
            miss="TS",
            note="@atproto/repo reads undefined as null.",
        ),
    ),
    "CBR014": Explanation(
        why=(
            "What is no UTF-8 is replaced, cut or refused by each language in its own "
            "way, and texts that differ may look alike then. No such text comes back "
            "from JSON as it was."
        ),
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
        why=(
            "Languages without larger integers wrap around, saturate or turn them into "
            "floats. One record would have several values."
        ),
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
        why=(
            "JavaScript keeps numbers as floats of 64 bits: beyond 2**53 it rounds, "
            "and neighbors become one. Much of the network's software is written in "
            "it."
        ),
        cause="A time in nanoseconds, or an identifier of 64 bits.",
        fix="Store such a number as text.",
        readers=Readers(
            "AC",
            note="The others take it.",
        ),
    ),
    "CBR017": Explanation(
        why=(
            "Most decoders recurse, and their stack is small. A record of a few "
            "hundred bytes could end the process that reads it."
        ),
        cause=(
            "A program that nests without a bound, or a record made to overflow the "
            "stack of readers."
        ),
        fix="Decode without recursion, or count the depth.",
        readers=Readers("TS! AR! LI", miss="AM AC"),
    ),
    "CBR018": Explanation(
        why=(
            "Decoders allocate for a length before they read. One that is not held "
            "against the bytes that are there can ask for the whole memory."
        ),
        cause=(
            "A block that was cut, a damaged length, or one made large to have readers "
            "allocate memory."
        ),
        fix="Compare a length with the bytes that are left before you allocate.",
        readers=Readers(ALL),
    ),
    "CBR019": Explanation(
        why=(
            "A list of millions of numbers fits in a block of a few megabytes, and "
            "takes a hundred times that once decoded. A bound keeps one record from "
            "costing all others."
        ),
        cause="A list in one record that grew without a bound.",
        fix="Spread it over several records.",
        readers=Readers("IG*"),
    ),
    "CBR020": Explanation(
        why=(
            "Many schemas, databases and languages cannot name an empty field, so it "
            "is lost or refused further on."
        ),
        cause="What a person typed in, used as a key without a look at it.",
        fix="Refuse empty names.",
        readers=Readers(),
    ),
    "CBR021": Explanation(
        why=(
            "All empty blocks have one CID, which decodes to nothing: a link to it "
            "promises a value that is not there."
        ),
        cause="A write that failed, or a record that was emptied in place of deleted.",
        fix="Write a block only when its encoder is done.",
        readers=Readers(ALL),
    ),
}
