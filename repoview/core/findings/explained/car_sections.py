"""The codes CAR021 to CAR033, explained."""

from __future__ import annotations

from typing import Final

from repoview.core.findings.explained.explanation import Explanation
from repoview.core.findings.explained.readers import ALL, Readers

EXPLAINED: Final = {
    "CAR021": Explanation(
        cause=(
            "The section before it has a wrong length, so that a reader stands in the "
            "middle of a block; or bytes were changed, added or lost."
        ),
        fix="Compute each length from what is written: CID and data together.",
        readers=Readers(
            "TS AC JC GC* RS*",
            note="@atproto/repo calls it a malformed CID.",
        ),
    ),
    "CAR022": Explanation(
        cause=(
            "A writer that keeps a fixed number of bytes for each length and fills it "
            "in afterwards."
        ),
        fix="Write lengths as minimal varints.",
        readers=Readers(
            "AM RS* GC2*",
            miss="TS AC JC CB LI GC1*",
            note="atmst reads on at the wrong byte.",
        ),
    ),
    "CAR023": Explanation(
        cause=(
            "A download or copy that stopped early, a writer that was ended, or, less "
            "often, a damaged length."
        ),
        fix=(
            "Write to a temporary file and rename it when it is complete. A server "
            "that cannot go on should break the connection, so that the answer does "
            "not look whole."
        ),
        readers=Readers(
            ALL,
            note="atmst does so only when that block is read, by crashing (EOFError).",
        ),
    ),
    "CAR024": Explanation(
        cause="A damaged length, or data of another kind in the file, such as blobs.",
        fix=(
            "Keep blobs out of the CAR of a repository. When reading, bound what you "
            "take into memory."
        ),
        readers=Readers("CB GC* RS* IG*", miss="TS AC JC LI AM"),
    ),
    "CAR025": Explanation(
        cause=(
            "Padding to a fixed size, a file that got its size in advance and was not "
            "shortened, or a copy that lost pieces."
        ),
        fix=(
            "Do not pad. When reading, never take a length of zero for the end: blocks "
            "may follow."
        ),
        readers=Readers(
            "TS AC JC AR AM LI",
            miss="GC1*",
            note=(
                "Those that detect it refuse the whole file; go-car 1 takes it for the "
                "end of the file, without a word."
            ),
        ),
    ),
    "CAR026": Explanation(
        cause=(
            "A wrong length before it, or a writer that counts the data and not the "
            "CID."
        ),
        fix="Count CID and data together.",
        readers=Readers(ALL),
    ),
    "CAR027": Explanation(
        cause="A download or copy that stopped early, and by chance within a length.",
        fix="When reading, tell an end before a length from an end within one.",
        readers=Readers(
            "TS AC JC GC*",
            miss="AM CB LI RS*",
            note="Those that do not detect it take it for the proper end of the file.",
        ),
    ),
    "CAR028": Explanation(
        cause=(
            "Something was appended: a newline, an error message of the server, a "
            "checksum. Or a section before it has a wrong length."
        ),
        fix="Write nothing behind the last section.",
        readers=Readers(
            ALL,
            note="They call it a malformed CID or length.",
        ),
    ),
    "CAR029": Explanation(
        cause=(
            "A server or connection that stopped between two blocks; or a slice, which "
            "is a part on purpose."
        ),
        fix=(
            "Compare the number of bytes with what the server announced. A server that "
            "cannot go on should break the connection."
        ),
        readers=Readers(),
    ),
    "CAR030": Explanation(
        cause=(
            "An error page or a JSON error of a server, saved under the name of the "
            "file; an archive; or the wrong file."
        ),
        fix=(
            "Check the HTTP status and the content type (application/vnd.ipld.car) "
            "before you save an answer."
        ),
        readers=Readers(),
    ),
    "CAR032": Explanation(
        cause="Bytes were lost, added or overwritten, so that a length leads astray.",
        fix=(
            "When framing is lost, look for the beginning of a CID, and believe it "
            "only if the bytes behind it hash to it."
        ),
        readers=Readers(),
    ),
    "CAR033": Explanation(
        cause=(
            "Files that were joined (`cat a.car b.car`), or a download that went on "
            "from its beginning."
        ),
        fix="To join files, write the blocks of both under one header.",
        readers=Readers(
            note="All that were compared misread it.",
        ),
    ),
}
