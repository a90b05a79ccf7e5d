"""The codes BLK, explained."""

from __future__ import annotations

from typing import Final

from repoview.core.findings.explained.explanation import Explanation
from repoview.core.findings.explained.readers import Readers

EXPLAINED: Final = {
    "BLK001": Explanation(
        why=(
            "This is what makes a copy from anywhere as good as the original: who "
            "serves it need not be trusted. One block that is not checked could say "
            "anything in the account's name."
        ),
        cause=(
            "A damaged disk, memory or transfer; a program that changed a record in "
            "place; or an attempt to pass off other content."
        ),
        fix=(
            "Hash every block before you use it. Never change a block in place: other "
            "content has another CID, and so have all nodes above it."
        ),
        readers=Readers(
            "TS CB GC* IG* AM",
            miss="RS* LI JC AC",
            note=(
                "@atproto/repo, carbox, go-car and indigo give up the whole file; "
                "atmst finds it when the block is read; atcute checks only the blocks "
                "on the way to a record that it verifies."
            ),
        ),
    ),
    "BLK002": Explanation(
        why=(
            "A record that two keys link to is one block, and writers that stream may "
            "not remember what they wrote. To refuse copies would refuse honest files; "
            "to count them as records would count too many."
        ),
        cause=(
            "A writer that writes a record for each key that links to it, or joins "
            "files, and does not remember what it wrote."
        ),
        fix="Remember the CIDs that were written.",
        readers=Readers(
            note="repo-stream fails on it when it keeps blocks on disk, by its source.",
        ),
    ),
    "BLK003": Explanation(
        why=(
            "If a reader takes the first and another the last, the file has two "
            "contents under one signature. Only the bytes that hash to the CID are "
            "what was signed."
        ),
        cause=(
            "One copy was damaged, or put in so that readers disagree about what a CID "
            "stands for."
        ),
        fix="Hash before you index. The copy that hashes counts, wherever it stands.",
        readers=Readers(
            "TS CB",
            miss="AC JC LI",
            note=(
                "@atproto/repo and carbox find it by hashing every block; with the "
                "others, the last copy wins."
            ),
        ),
    ),
    "BLK004": Explanation(
        why=(
            "What the signature does not reach through links is nobody's statement. To "
            "show it as a record would bring back what was deleted, or invent what "
            "never was."
        ),
        cause=(
            "A server that exports old nodes and records along, a file of several "
            "revisions, or a damaged node above the blocks."
        ),
        fix=(
            "To export, walk the tree from the commit, and write what it links to and "
            "nothing else."
        ),
        readers=Readers(),
    ),
    "BLK005": Explanation(
        why=(
            "Readers keep or index blocks before they know whether the tree uses them. "
            "Without a word about it, a host could make every reader carry what no "
            "account has."
        ),
        cause=(
            "A file with a history of many revisions; or padding that costs readers "
            "time and room."
        ),
        fix=(
            "Write what the commit leads to. When reading, bound what other blocks may "
            "cost."
        ),
        readers=Readers(),
    ),
    "BLK006": Explanation(
        why=(
            "The network's own services drop what is larger, so such a record is seen "
            "by some and not by others."
        ),
        cause="A blob or other data stored as a block.",
        fix="Store large data as blobs, and refer to them.",
        readers=Readers(),
    ),
    "BLK007": Explanation(
        why=(
            "Blocks are held in memory whole, to be hashed and decoded. A bound that "
            "all know lets readers refuse before they allocate, and writers know what "
            "will be read."
        ),
        cause="A blob or other data stored as a block.",
        fix="Store large data as blobs, and refer to them.",
        readers=Readers(
            "RS* IC*",
            note="They do so from 4 MiB on.",
        ),
    ),
    "BLK008": Explanation(
        why=(
            "All keys below the node are hidden. Nobody can then say whether a record "
            "is there, and a reader that takes the hole for an empty sub-tree says "
            "wrongly that it is not."
        ),
        cause=(
            "The file was cut off, or is a part on purpose (a proof, or what changed "
            "since a revision); or the server lost the block."
        ),
        fix=(
            "A server should walk its export before it sends it. A reader must not "
            "take records below a missing node for absent."
        ),
        readers=Readers(
            "TS AC AM! AR! RS*",
            miss="IG*",
            note=(
                "atcute lists what is missing when it reads a stream; indigo goes on "
                "without a word."
            ),
        ),
    ),
    "BLK009": Explanation(
        why=(
            "The tree proves that the record exists, and its CID what it must be, but "
            "nobody can read it. It must be told apart from a record that was deleted."
        ),
        cause=(
            "The file was cut off, or is a part on purpose (a proof, or what changed "
            "since a revision); or the server lost the record."
        ),
        fix="A server should walk its export before it sends it.",
        readers=Readers(
            "TS AC RS*",
            note=(
                "atcute lists what is missing when it reads a stream; the others give "
                "up."
            ),
        ),
    ),
    "BLK010": Explanation(
        why=(
            "A proof of one record is a few blocks of a large tree, and it is right as "
            "it is. A reader that calls it broken refuses proofs; one that takes it "
            "for everything loses records."
        ),
        cause=(
            "An answer of com.atproto.sync.getRecord or getBlocks, the blocks of a "
            "commit event, or what changed since a revision."
        ),
        fix=(
            "Say beside the file what part it is. To have the whole, ask "
            "com.atproto.sync.getRepo without `since`."
        ),
        readers=Readers(
            "AC",
            note="atcute does so when it reads a stream.",
        ),
    ),
    "BLK011": Explanation(
        why=(
            "Of two states in a file, only the one that the root names is what it "
            "says. To mix them would show records at once that never were there "
            "together."
        ),
        cause=(
            "A server that keeps nodes and commits of earlier revisions, and exports "
            "all that it has."
        ),
        fix="Leave blocks of earlier revisions out of an export.",
        readers=Readers(),
    ),
    "BLK012": Explanation(
        why=(
            "Bytes without a link to them change nothing in what was signed. Readers "
            "that fail on them can be stopped by anyone who appends a block."
        ),
        cause=(
            "A blob stored as a block, padding, or a damaged block that nothing links "
            "to any more."
        ),
        fix="Decode a block when a link leads to it, and not before.",
        readers=Readers(
            "LI",
            note="libipld refuses the whole file.",
        ),
    ),
}
