"""The codes CAR021 to CAR033, explained."""

from __future__ import annotations

from typing import Final

from repoview.core.findings.explained.explanation import Explanation
from repoview.core.findings.explained.readers import ALL, Readers

EXPLAINED: Final = {
    "CAR021": Explanation(
        why=(
            "Sections have no marks between them: the length is the only way to the "
            "next block. One that cannot be read hides all that follows."
        ),
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
        why=(
            "One number with one form means one file for one content: files can be "
            "compared and hashed, and offsets that one reader reports hold for others."
        ),
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
        why=(
            "A block that lacks its end cannot be hashed, so it proves nothing. That "
            "it is told apart from a damaged block says that more may have followed."
        ),
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
        why=(
            "A reader holds a section in memory to hash it. Without a bound, a file of "
            "a few bytes asks for as much memory as its length can say."
        ),
        cause="A damaged length, or data of another kind in the file, such as blobs.",
        fix=(
            "Keep blobs out of the CAR of a repository. When reading, bound what you "
            "take into memory."
        ),
        readers=Readers("CB GC* RS* IG*", miss="TS AC JC LI AM"),
    ),
    "CAR025": Explanation(
        why=(
            "A section without a CID names nothing. Readers that stop at a zero and "
            "readers that go on see different files."
        ),
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
        why=(
            "The CID is what a block is looked up and checked by. Where it is cut, "
            "bytes of the data would be taken for the name, and the other way round."
        ),
        cause=(
            "A wrong length before it, or a writer that counts the data and not the "
            "CID."
        ),
        fix="Count CID and data together.",
        readers=Readers(ALL),
    ),
    "CAR027": Explanation(
        why=(
            "A reader that ends quietly there takes a file that was cut for a whole "
            "one: the format has no count and no end mark that would tell it "
            "otherwise."
        ),
        cause="A download or copy that stopped early, and by chance within a length.",
        fix="When reading, tell an end before a length from an end within one.",
        readers=Readers(
            "TS AC JC GC*",
            miss="AM CB LI RS*",
            note="Those that do not detect it take it for the proper end of the file.",
        ),
    ),
    "CAR028": Explanation(
        why=(
            "Bytes that are no section have no hash, so nothing vouches for them. "
            "Readers differ in whether they stop, fail or skip there, and so in how "
            "many blocks they see."
        ),
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
        why=(
            "The tree alone says which blocks there must be. A copy that lacks some is "
            "no backup, and records that cannot be shown must not be taken for records "
            "that are not there."
        ),
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
        why=(
            "Whoever asks for a repository and gets an error page should hear about "
            "the error, and not about a strange varint."
        ),
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
        why=(
            "The format can only be read forwards, length by length, and so one wrong "
            "length would cost all that follows. A block that hashes to its CID proves "
            "itself, wherever it is found."
        ),
        cause="Bytes were lost, added or overwritten, so that a length leads astray.",
        fix=(
            "When framing is lost, look for the beginning of a CID, and believe it "
            "only if the bytes behind it hash to it."
        ),
        readers=Readers(),
    ),
    "CAR033": Explanation(
        why=(
            "A file has one root, and so one state of one account. Readers that stop "
            "at the second header and readers that go on give different answers about "
            "the same file."
        ),
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
