"""The codes MST, explained."""

from __future__ import annotations

from typing import Final

from repoview.core.findings.explained.explanation import Explanation
from repoview.core.findings.explained.readers import Readers

EXPLAINED: Final = {
    "MST001": Explanation(
        cause="A link to a record or a commit by mistake, or a damaged node.",
        fix=(
            "What a block is follows from the link that leads to it, and not from its "
            "content: check it when you follow the link."
        ),
        readers=Readers("TS AC AM AR RS*"),
    ),
    "MST002": Explanation(
        cause="A writer that keeps a depth, a count or the like in its nodes.",
        fix="Keep such things outside the tree.",
        readers=Readers("AM AR! RS*", miss="TS AC IG*"),
    ),
    "MST003": Explanation(
        cause="An encoder that leaves out fields that are null.",
        fix="Write `l` and `t` as null where there is no sub-tree.",
        readers=Readers(
            "TS AC AM AR",
            miss="RS*",
            note="repo-stream takes a missing `l` or `t` for null.",
        ),
    ),
    "MST004": Explanation(
        cause=(
            "A key written as text, a CID written as text or bytes, or a number "
            "written as a float."
        ),
        fix="Check the type of each field before you use it.",
        readers=Readers(
            "TS AC AM AR! RS*",
            note="atmst and arroba take a bool for `p`.",
        ),
    ),
    "MST005": Explanation(
        cause=(
            "A writer that shortens keys over several nodes, or that splits a node and "
            "does not encode its keys anew."
        ),
        fix="Begin each node with a whole key.",
        readers=Readers("AC AM RS* IG*!", miss="TS AR"),
    ),
    "MST006": Explanation(
        cause=(
            "A key that was taken out of a node while the one after it was not encoded "
            "anew; or damaged bytes."
        ),
        fix="Compare `p` with the length of the key before.",
        readers=Readers(
            "AC AM RS* IG*!",
            miss="TS AR",
            note=(
                "@atproto/repo and arroba take as many bytes as there are; indigo "
                "crashes before its pull request 1462."
            ),
        ),
    ),
    "MST007": Explanation(
        cause=(
            "A difference that was not checked; or a node made so that readers see "
            "different keys."
        ),
        fix="Refuse a negative `p`.",
        readers=Readers(
            "AC RS*",
            miss="TS AM AR",
            note="Those that take it read another key.",
        ),
    ),
    "MST008": Explanation(
        cause=(
            "A writer that does not shorten keys, or shortens them by characters or by "
            "parts of the path."
        ),
        fix="Count the bytes up to the first that differs.",
        readers=Readers("AC AM", miss="TS AR RS* IG*"),
    ),
    "MST009": Explanation(
        cause=(
            "Keys sorted as text of a language or in UTF-16, or an entry put in the "
            "wrong place."
        ),
        fix="Sort keys by their bytes.",
        readers=Readers(
            "AC AM RS*",
            miss="TS AR",
            note="indigo has a function for it, which its readers do not call.",
        ),
    ),
    "MST010": Explanation(
        cause="A record that was written again while its entry was not replaced.",
        fix="To write a record again, replace the value of its entry.",
        readers=Readers(
            "AC AM RS*",
            miss="TS AR",
            note="Those that take it keep one of the two.",
        ),
    ),
    "MST011": Explanation(
        cause=(
            "A writer that counts four bits and not two, hashes the record key without "
            "the collection, or puts a key into the nearest node."
        ),
        fix=(
            "Hash the whole key, count the leading zero bits, and halve the number, "
            "rounded down."
        ),
        readers=Readers("AM RS*", miss="TS AC AR"),
    ),
    "MST012": Explanation(
        cause="A writer that leaves out the empty nodes between two depths.",
        fix=(
            "Put a node without entries, and with a left link, at each depth that has "
            "no keys."
        ),
        readers=Readers("AM RS*", miss="TS AC AR"),
    ),
    "MST013": Explanation(
        cause=(
            "A writer that counts depths wrongly, or a chain of nodes made to keep "
            "readers busy."
        ),
        fix="Count the depth down as you walk, and stop at 0.",
        readers=Readers("AM RS*"),
    ),
    "MST014": Explanation(
        cause=(
            "An entry or sub-tree that a faulty insertion or split put under the wrong "
            "link. Or a tree made so that readers disagree: a list of the records "
            "shows the key, and a look-up does not find it."
        ),
        fix=(
            "Hand the range down as you walk: each key is greater than the key before "
            "the link and less than the one behind it."
        ),
        readers=Readers(
            "RS*",
            miss="TS AC AM AR",
            note=(
                "repo-stream finds it by the order of all keys; a function of indigo "
                "for it misses upper bounds."
            ),
        ),
    ),
    "MST015": Explanation(
        cause="A deletion that emptied a node and left it in the tree.",
        fix="When a node becomes empty, take out the link to it, and so on upwards.",
        readers=Readers("AM! RS*", miss="TS AC AR"),
    ),
    "MST016": Explanation(
        cause=(
            "A deletion of the last key of the highest depth that left its node on top."
        ),
        fix="When the top node loses its last entry, make the node below it the top.",
        readers=Readers("AM RS*", miss="TS AC AR"),
    ),
    "MST017": Explanation(
        cause=(
            "A tree made by hand so that readers walk the same nodes again and again: "
            "a few kilobytes can stand for billions of visits. Or a faulty split."
        ),
        fix="Remember which nodes were walked, and do not enter one again.",
        readers=Readers(
            note=(
                "repo-stream says that a block is missing; atcute loses it when it "
                "reads a stream; the others walk it each time, which can take "
                "exponential time."
            ),
        ),
    ),
    "MST018": Explanation(
        cause=(
            "A key or sub-tree in the wrong place, where the nodes that would tell "
            "more are missing or damaged."
        ),
        fix="Compare each key with the one before it, over the whole walk.",
        readers=Readers("RS*"),
    ),
    "MST019": Explanation(
        cause="Record keys mined so that all have one depth; hardly ever chance.",
        fix="Expect nodes of any width, and bound what one may cost.",
        readers=Readers(),
    ),
    "MST020": Explanation(
        cause="Record keys mined so that all have one depth, to make a node costly.",
        fix="Bound the entries of a node.",
        readers=Readers(
            "AC IG* RS3*",
            note="atcute and indigo do so from 8,192 entries on.",
        ),
    ),
    "MST021": Explanation(
        cause="A record key mined to be very deep, so that changes cost many nodes.",
        fix="Bound the depth of a tree.",
        readers=Readers(),
    ),
    "MST022": Explanation(
        cause="A chain of nodes made to overflow the stack of readers.",
        fix="Walk without recursion, or bound the depth.",
        readers=Readers(
            "AC TS! AR!",
            note="atcute stops at 256; the stack of @atproto/repo overflows at 5,000.",
        ),
    ),
    "MST024": Explanation(
        cause="A tree that breaks a rule which no other code names.",
        fix="Build the tree from its keys, and compare the CID of the top node.",
        readers=Readers(
            "IG*",
            note="indigo does so in its tests only.",
        ),
    ),
    "MST025": Explanation(
        cause=(
            "A record made to look like a node, so that readers take one for the other."
        ),
        fix="Keep decoded blocks by CID and by what the link makes of them.",
        readers=Readers(),
    ),
}
