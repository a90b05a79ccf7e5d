"""The codes CAR001 to CAR020, explained."""

from __future__ import annotations

from typing import Final

from repoview.core.findings.explained.explanation import Explanation
from repoview.core.findings.explained.readers import ALL, Readers

EXPLAINED: Final = {
    "CAR001": Explanation(
        why=(
            "The header says which block to begin with. Without it a file of no bytes "
            "would be taken for an empty repository, though an empty one still has a "
            "commit and a node."
        ),
        cause=(
            "A download that failed before its first byte, a full disk, or a program "
            "that opened the file for writing and stopped."
        ),
        fix=(
            "Write to a temporary file and rename it when it is complete. After a "
            "download, check the HTTP status and that something came."
        ),
        readers=Readers(ALL),
    ),
    "CAR002": Explanation(
        why=(
            "A reader that takes a length of zero finds no root, and so nothing to "
            "begin with; a loop that skips empty parts might never notice."
        ),
        cause=(
            "The beginning was never written: a writer kept room for the header and "
            "ended before it came back to fill it in."
        ),
        fix="Build the header first, and write its length and its bytes together.",
        readers=Readers(ALL, miss="LI"),
    ),
    "CAR003": Explanation(
        why=(
            "Everything else is found by counting on from this number. Without a bound "
            "on its bytes, a reader would go on reading digits, or overflow the "
            "integer that it counts in."
        ),
        cause=(
            "The file is no CAR, its first bytes are damaged, or something stands in "
            "front of them, such as a byte order mark."
        ),
        fix="Write lengths as unsigned LEB128. When reading, stop after 9 bytes.",
        readers=Readers(
            ALL,
            note=(
                "@atproto/repo first reads on until it meets a byte under 0x80, "
                "however far that is."
            ),
        ),
    ),
    "CAR004": Explanation(
        why=(
            "One number with one form means one file for one content: files can be "
            "compared and hashed, and two readers cannot disagree about where the "
            "header begins."
        ),
        cause=(
            "A writer that keeps a fixed number of bytes for a length and fills it in "
            "afterwards."
        ),
        fix="Write the length when the header is made, as a minimal varint.",
        readers=Readers("AM RS* GC2*", miss="TS AC JC CB LI GC1*"),
    ),
    "CAR005": Explanation(
        why=(
            "The length comes from a stranger, and is read before anything can be "
            "checked. A reader that allocates what it is told to can be brought down "
            "by ten bytes."
        ),
        cause=(
            "The file is no CAR, and its first bytes only look like a length; or the "
            "length was made large to have readers allocate memory."
        ),
        fix=(
            "Compare the length with a bound, and with the bytes that are left, before "
            "you allocate."
        ),
        readers=Readers(
            "AC AM AR JC GC* RS*",
            miss="TS LI",
            note="@atproto/repo reads what is there, and libipld ignores the length.",
        ),
    ),
    "CAR006": Explanation(
        why=(
            "A header that is cut off may have lost its root. What is left would be "
            "guessed at, and a guess could name another block as the top."
        ),
        cause="A download or copy that stopped within its first bytes.",
        fix=(
            "Check that all bytes arrived, and keep no partial file under its final "
            "name."
        ),
        readers=Readers(ALL),
    ),
    "CAR007": Explanation(
        why=(
            "The header is what tells a CAR from any other file, and the only place "
            "that says which block is the top."
        ),
        cause=(
            "The file is something else whose first byte looks like a length, or its "
            "first bytes are damaged."
        ),
        fix=(
            "Write the header as a DAG-CBOR map of `roots` and `version`, in this "
            "order."
        ),
        readers=Readers(ALL),
    ),
    "CAR009": Explanation(
        why=(
            "A version says how the rest is laid out. A reader that goes on all the "
            "same reads lengths where there may be none."
        ),
        cause=(
            "A format that took over the shape of the header, a CARv2 whose first "
            "bytes are damaged, or a damaged field."
        ),
        fix="Write version 1: atproto uses no other.",
        readers=Readers(
            ALL,
            note="arroba does so by crashing (AttributeError).",
        ),
    ),
    "CAR010": Explanation(
        why=(
            "Without it a reader cannot tell whether it knows the layout of what "
            "follows, and later versions could not be told from this one."
        ),
        cause="A writer that leaves the field out, or writes it as text or as a float.",
        fix="Write `version` as the CBOR integer 1, the byte 01.",
        readers=Readers(
            ALL,
            note="arroba does so by crashing (AttributeError).",
        ),
    ),
    "CAR011": Explanation(
        why=(
            "Blocks are named by their hashes alone, so nothing in a block says that "
            "it is the top. The root does."
        ),
        cause=(
            "A writer that leaves the field out, or calls it `root`, as early texts of "
            "the IETF draft did by mistake."
        ),
        fix="Write `roots` as an array with the CID of the commit as its first item.",
        readers=Readers(
            ALL,
            note="atmst and arroba do so by crashing (KeyError).",
        ),
    ),
    "CAR012": Explanation(
        why=(
            "A commit can be found by looking at all blocks, but several may look like "
            "one. With the root, the file says which is meant, and a reader of streams "
            "knows it before the first block."
        ),
        cause=(
            "An answer of com.atproto.sync.getBlocks, which does not say which block "
            "is the top; or a writer that does not know its root yet."
        ),
        fix=(
            "Put the CID of the commit into `roots`. When reading, look for the commit "
            "among the blocks if no root names it."
        ),
        readers=Readers("TS AC AM AR LI IG* GC1*", miss="JC"),
    ),
    "CAR013": Explanation(
        why=(
            "A repository has one top. With several roots, readers choose differently, "
            "and one file is then several repositories."
        ),
        cause=(
            "Blocks of several trees in one file, or a CAR of a permissioned space, "
            "which has two roots."
        ),
        fix="Write one root, and one repository a file.",
        readers=Readers(
            "TS AM IGo*",
            miss="AC AR LI IG*",
            note="Those that accept it take the first root.",
        ),
    ),
    "CAR014": Explanation(
        why=(
            "A list of tops in which one stands twice says nothing that once does not. "
            "Software that counts roots, or reads each, does the work twice."
        ),
        cause=(
            "A writer that adds the root again on each pass, or merges the headers of "
            "several files."
        ),
        fix="Leave copies out of `roots`.",
        readers=Readers(),
    ),
    "CAR015": Explanation(
        why=(
            "Tag 42 is how DAG-CBOR tells a link from bytes or text. Software that "
            "follows links, copies or collects blocks knows roots by it alone."
        ),
        cause="A writer that puts the CID in as text, or as bytes without the tag.",
        fix="Write each root as tag 42 around a byte string of 00 and the binary CID.",
        readers=Readers("TS AC JC AM", miss="CB LI"),
    ),
    "CAR016": Explanation(
        why=(
            "The commit is named by this form everywhere, in events and in other "
            "files. Under another name it could not be compared with what is known of "
            "the account."
        ),
        cause=(
            "A writer that names the commit by a CID with the raw codec, or of version "
            "0."
        ),
        fix="Name the commit by its dag-cbor CID: 01 71 12 20 and 32 bytes of digest.",
        readers=Readers(
            note="They say that the block is missing.",
        ),
    ),
    "CAR017": Explanation(
        why=(
            "Readers that refuse what they do not know would break with each addition. "
            "Nothing in a further field is covered by the signature, so nobody should "
            "rely on it."
        ),
        cause="A writer that keeps metadata in the header, as DASL suggests.",
        fix=(
            "Leave such fields out if every reader is to open the file: @ipld/car "
            "refuses it."
        ),
        readers=Readers("JC"),
    ),
    "CAR018": Explanation(
        why=(
            "Two encoders that write one header differently make two files of one "
            "repository, and a decoder that is strict refuses one of them."
        ),
        cause=(
            "A general CBOR encoder that keeps the order in which fields were set, or "
            "pads lengths."
        ),
        fix=(
            "Use a DAG-CBOR encoder: `roots` comes before `version`, as its name is "
            "shorter."
        ),
        readers=Readers("AC AM AR LI"),
    ),
    "CAR019": Explanation(
        why=(
            "Bytes behind the value belong to nobody: one reader skips them, another "
            "takes them for the first section. What two readers see could then differ."
        ),
        cause=(
            "A writer that counts too many bytes for the header, or leaves room in it."
        ),
        fix="Write the exact length of the encoded map.",
        readers=Readers(
            "TS AC AM AR JC",
            miss="LI",
            note="libipld takes the bytes that are left for the first section.",
        ),
    ),
    "CAR020": Explanation(
        why=(
            "The signature is in the commit. Without that block nothing connects the "
            "rest with an account, however whole it is."
        ),
        cause=(
            "A file that was cut off, blocks that were copied without the commit, or a "
            "damaged root."
        ),
        fix="Write the commit into the file, ideally as its first block.",
        readers=Readers("TS AC AM! AR! RS* IG*", miss="LI JC CB"),
    ),
}
