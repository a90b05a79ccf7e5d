"""The codes BLK, explained."""

from __future__ import annotations

from typing import Final

from repoview.core.findings.explained.explanation import Explanation
from repoview.core.findings.explained.readers import Readers

EXPLAINED: Final = {
    "BLK001": Explanation(
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
        cause="A blob or other data stored as a block.",
        fix="Store large data as blobs, and refer to them.",
        readers=Readers(),
    ),
    "BLK007": Explanation(
        cause="A blob or other data stored as a block.",
        fix="Store large data as blobs, and refer to them.",
        readers=Readers(
            "RS* IC*",
            note="They do so from 4 MiB on.",
        ),
    ),
    "BLK008": Explanation(
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
        cause=(
            "A server that keeps nodes and commits of earlier revisions, and exports "
            "all that it has."
        ),
        fix="Leave blocks of earlier revisions out of an export.",
        readers=Readers(),
    ),
    "BLK012": Explanation(
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
