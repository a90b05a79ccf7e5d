"""The codes MST, explained."""

from __future__ import annotations

from typing import Final

from repoview.core.findings.explained.explanation import Explanation
from repoview.core.findings.explained.readers import Readers

EXPLAINED: Final = {
    "MST001": Explanation(
        why=(
            "Any block can be linked to. A reader that takes a record for a node reads "
            "keys that the account never wrote as keys."
        ),
        cause="A link to a record or a commit by mistake, or a damaged node.",
        fix=(
            "What a block is follows from the link that leads to it, and not from its "
            "content: check it when you follow the link."
        ),
        readers=Readers("TS AC AM AR RS*"),
    ),
    "MST002": Explanation(
        why=(
            "Equal sets of keys must give equal trees, down to the bytes. A field that "
            "some writers add gives one set two top CIDs."
        ),
        cause="A writer that keeps a depth, a count or the like in its nodes.",
        fix="Keep such things outside the tree.",
        readers=Readers("AM AR! RS*", miss="TS AC IG*"),
    ),
    "MST003": Explanation(
        why=(
            "Null and absent are different bytes, and so different CIDs. If both were "
            "allowed, one tree would have many tops, and comparing CIDs would no "
            "longer tell that trees are equal."
        ),
        cause="An encoder that leaves out fields that are null.",
        fix="Write `l` and `t` as null where there is no sub-tree.",
        readers=Readers(
            "TS AC AM AR",
            miss="RS*",
            note="repo-stream takes a missing `l` or `t` for null.",
        ),
    ),
    "MST004": Explanation(
        why=(
            "A reader that converts what it finds, such as a text to bytes, accepts "
            "several encodings for one node. Each has its own CID, though the tree is "
            "the same."
        ),
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
        why=(
            "A node must be readable by itself: a proof has only the nodes on one way, "
            "and not the neighbors whose keys would be needed."
        ),
        cause=(
            "A writer that shortens keys over several nodes, or that splits a node and "
            "does not encode its keys anew."
        ),
        fix="Begin each node with a whole key.",
        readers=Readers("AC AM RS* IG*!", miss="TS AR"),
    ),
    "MST006": Explanation(
        why=(
            "The bytes that are not there would be made up: cut, zero, or those of "
            "another key. Readers that differ in this see different keys under one "
            "hash."
        ),
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
        why=(
            "Languages take a negative index in their own ways, some counting from the "
            "end. One node would then have different keys for different readers."
        ),
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
        why=(
            "Any smaller number gives the same key and other bytes. With one number "
            "allowed, one set of keys has one tree, and equal CIDs mean equal content."
        ),
        cause=(
            "A writer that does not shorten keys, or shortens them by characters or by "
            "parts of the path."
        ),
        fix="Count the bytes up to the first that differs.",
        readers=Readers("AC AM", miss="TS AR RS* IG*"),
    ),
    "MST009": Explanation(
        why=(
            "A look-up compares and turns left or right. Out of order it goes past "
            "keys that are there, and says that they are not: an absence would be "
            '"proved" of what exists.'
        ),
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
        why=(
            "A key names one record. With two entries, a look-up gives one and a list "
            "both, and which is the record depends on the reader."
        ),
        cause="A record that was written again while its entry was not replaced.",
        fix="To write a record again, replace the value of its entry.",
        readers=Readers(
            "AC AM RS*",
            miss="TS AR",
            note="Those that take it keep one of the two.",
        ),
    ),
    "MST011": Explanation(
        why=(
            "The hash decides where a key stands, so nobody chooses the shape of a "
            "tree and it stays balanced. A look-up may stop where a key would have to "
            "be, only if keys are nowhere else."
        ),
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
        why=(
            "If levels could be skipped, one set of keys would have several trees. "
            "With a node a level, two trees of the same keys are equal node by node, "
            "and a diff skips equal ones by CID."
        ),
        cause="A writer that leaves out the empty nodes between two depths.",
        fix=(
            "Put a node without entries, and with a left link, at each depth that has "
            "no keys."
        ),
        readers=Readers("AM RS*", miss="TS AC AR"),
    ),
    "MST013": Explanation(
        why=(
            "Below 0 there can be no key, so such nodes are padding. A chain of them "
            "costs readers time and stack, and nothing ends it."
        ),
        cause=(
            "A writer that counts depths wrongly, or a chain of nodes made to keep "
            "readers busy."
        ),
        fix="Count the depth down as you walk, and stop at 0.",
        readers=Readers("AM RS*"),
    ),
    "MST014": Explanation(
        why=(
            "A look-up goes by the keys above alone. A key elsewhere is listed and not "
            "found, so that one reader shows a record whose absence another can prove."
        ),
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
        why=(
            "It says nothing, and each one gives the same keys another top CID. So a "
            "deletion would not lead back to the tree from before the insertion."
        ),
        cause="A deletion that emptied a node and left it in the tree.",
        fix="When a node becomes empty, take out the link to it, and so on upwards.",
        readers=Readers("AM! RS*", miss="TS AC AR"),
    ),
    "MST016": Explanation(
        why=(
            "Nodes with only a left link could be stacked on top without end, and each "
            "gives the same keys another top CID."
        ),
        cause=(
            "A deletion of the last key of the highest depth that left its node on top."
        ),
        fix="When the top node loses its last entry, make the node below it the top.",
        readers=Readers("AM RS*", miss="TS AC AR"),
    ),
    "MST017": Explanation(
        why=(
            "The keys below cannot be in two ranges at once, so one link is wrong. And "
            "a few nodes that link to each other twice stand for more visits than a "
            "reader can make."
        ),
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
        why=(
            "It is the order that makes a list of records the same for all, that lets "
            "lists be merged and compared, and a look-up be sure that it has not "
            "missed a key."
        ),
        cause=(
            "A key or sub-tree in the wrong place, where the nodes that would tell "
            "more are missing or damaged."
        ),
        fix="Compare each key with the one before it, over the whole walk.",
        readers=Readers("RS*"),
    ),
    "MST019": Explanation(
        why=(
            "A node is read and hashed whole for each key that is looked up in it. "
            "Chance keeps nodes at four entries on average; many more were made on "
            "purpose."
        ),
        cause="Record keys mined so that all have one depth; hardly ever chance.",
        fix="Expect nodes of any width, and bound what one may cost.",
        readers=Readers(),
    ),
    "MST020": Explanation(
        why=(
            "Keys can be tried until their hash has the wanted depth, so an attacker "
            "may put all into one node. The bound keeps the cost of a change from "
            "growing with the repository."
        ),
        cause="Record keys mined so that all have one depth, to make a node costly.",
        fix="Bound the entries of a node.",
        readers=Readers(
            "AC IG* RS3*",
            note="atcute and indigo do so from 8,192 entries on.",
        ),
    ),
    "MST021": Explanation(
        why=(
            "Each change of a key makes all nodes above it anew, so a high tree costs "
            "everyone who writes, sends or checks a commit. Chance gives no such "
            "height, but trying keys does."
        ),
        cause="A record key mined to be very deep, so that changes cost many nodes.",
        fix="Bound the depth of a tree.",
        readers=Readers(),
    ),
    "MST022": Explanation(
        why=(
            "No hash gives a deeper tree, so whatever lies there was not made by the "
            "rules. Readers that recurse run out of stack."
        ),
        cause="A chain of nodes made to overflow the stack of readers.",
        fix="Walk without recursion, or bound the depth.",
        readers=Readers(
            "AC TS! AR!",
            note="atcute stops at 256; the stack of @atproto/repo overflows at 5,000.",
        ),
    ),
    "MST024": Explanation(
        why=(
            "That one set of keys has exactly one tree is what makes trees comparable "
            "by a CID, and what lets a receiver undo a change and check it."
        ),
        cause="A tree that breaks a rule which no other code names.",
        fix="Build the tree from its keys, and compare the CID of the top node.",
        readers=Readers(
            "IG*",
            note="indigo does so in its tests only.",
        ),
    ),
    "MST025": Explanation(
        why=(
            "What a block is follows from the link. Software that keeps decoded blocks "
            "by CID alone may hand a node out as a record, with keys that the account "
            "never published as data."
        ),
        cause=(
            "A record made to look like a node, so that readers take one for the other."
        ),
        fix="Keep decoded blocks by CID and by what the link makes of them.",
        readers=Readers(),
    ),
}
