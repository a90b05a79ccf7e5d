"""The codes KEY, explained."""

from __future__ import annotations

from typing import Final

from repoview.core.findings.explained.explanation import Explanation
from repoview.core.findings.explained.readers import Readers

EXPLAINED: Final = {
    "KEY001": Explanation(
        why=(
            "A record is asked for by collection and record key. One with no name "
            "cannot be asked for, linked to or deleted."
        ),
        cause="A record written without a path.",
        fix="Refuse to write a record without collection and record key.",
        readers=Readers("TS AC AM RS*"),
    ),
    "KEY002": Explanation(
        why=(
            "Paths stand in AT URIs, JSON and databases, which are text. Bytes that "
            "are none are replaced there, and two keys may become one."
        ),
        cause="Bytes such as a hash, used as a key.",
        fix="Write bytes in base32 or hexadecimal to have a record key.",
        readers=Readers("TS AC AM! AR! RS*"),
    ),
    "KEY003": Explanation(
        why=(
            "Collections are told apart by the one slash: permissions, look-ups and "
            "subscriptions go by them. With another number, readers cut the path at "
            "different places."
        ),
        cause=(
            "A path with a slash in front, a record key with a slash in it, or a tree "
            "of other keys, as in test vectors."
        ),
        fix="Check the path when a record is written.",
        readers=Readers("TS AC", miss="AM AR RS*"),
    ),
    "KEY004": Explanation(
        why=(
            "The name of a collection leads to its schema, by a domain whose owner "
            "defines it. Without a domain nobody does, and names collide."
        ),
        cause="A name of two parts or of one word, or characters that no domain has.",
        fix="Check the collection when a record is written.",
        readers=Readers(
            "IG*",
            miss="TS AC AM AR",
            note="indigo does so in `goat repo unpack` only.",
        ),
    ),
    "KEY005": Explanation(
        why=(
            "Domain names do not differ in case, and keys do: one collection could be "
            "two, and what is looked up by the normal form would not find the other."
        ),
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
        why=(
            "Record keys stand in AT URIs and in addresses of the web without escapes. "
            "Characters that mean something there would cut the address, or lead "
            "elsewhere."
        ),
        cause="A title, an address or another text, used as a record key as it is.",
        fix="Check the record key when a record is written.",
        readers=Readers("TS AC", miss="AM AR RS*"),
    ),
    "KEY007": Explanation(
        why=(
            "In a path, `.` and `..` mean this folder and the one above. Software that "
            "makes addresses or file names of keys would leave the folder."
        ),
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
        why=(
            "Databases index keys, and indexes have a bound on their size. A bound "
            "that all know keeps a record from being stored here and refused there."
        ),
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
        why=(
            "Readers that refuse longer keys do not see the record, or refuse the "
            "whole tree. A key that no path needs costs the others."
        ),
        cause="A record key made to be long.",
        fix="Keep keys short: under 80 characters is advised.",
        readers=Readers("TS AC IG*"),
    ),
    "KEY011": Explanation(
        why=(
            "It was the bound of earlier software, which still refuses such trees. The "
            "account cannot tell from its own host that others do not see the record."
        ),
        cause="A long record key, such as an address.",
        fix="Keep keys short: under 80 characters is advised.",
        readers=Readers(
            "IGo*",
            note="arroba does so when it writes only.",
        ),
    ),
    "KEY012": Explanation(
        why=(
            "An export into files writes one over the other on such systems, and a "
            "database that ignores case takes them for one row."
        ),
        cause="Record keys made of words or of base64, which have both cases.",
        fix=(
            "Use one case for record keys. When exporting to files, tell such names "
            "apart."
        ),
        readers=Readers(),
    ),
    "KEY013": Explanation(
        why=(
            "They are not seen, so two keys look alike; and what turns the direction "
            "of text or moves the cursor makes a list show what is not there."
        ),
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
        why=(
            "A key is built from the one before, so long keys that share much are "
            "small in the file and large in memory: a node of a megabyte could stand "
            "for gigabytes."
        ),
        cause="A node made to cost readers memory.",
        fix="Bound the length of a key before you put it together.",
        readers=Readers(),
    ),
    "KEY015": Explanation(
        why=(
            "A domain name of more than 253 characters cannot be looked up in the DNS, "
            "so the schema of the collection can never be found."
        ),
        cause="A collection made to be long.",
        fix="Check the length of the domain part, and not only of the whole.",
        readers=Readers(),
    ),
}
