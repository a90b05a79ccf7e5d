"""The codes COM, explained."""

from __future__ import annotations

from typing import Final

from repoview.core.findings.explained.explanation import Explanation
from repoview.core.findings.explained.readers import ALL, Readers

EXPLAINED: Final = {
    "COM001": Explanation(
        cause=(
            "Blocks that were copied without the commit, a file that was cut before it "
            "came, or a file of something else."
        ),
        fix="Write the commit into every file, ideally as its first block.",
        readers=Readers(ALL),
    ),
    "COM002": Explanation(
        cause=(
            "A writer that names the top node, a record, or another signed object as "
            "the root."
        ),
        fix="Put the CID of the commit first in `roots`.",
        readers=Readers("TS AC IG*"),
    ),
    "COM003": Explanation(
        cause=(
            "A writer of an early form of the commit, or one that writes a CID as text "
            "where a link belongs."
        ),
        fix="Check the type of each field before you use it.",
        readers=Readers("TS AC", miss="AM AR"),
    ),
    "COM004": Explanation(
        cause="A repository of version 1 (before March 2023), or a damaged field.",
        fix="Write version 3.",
        readers=Readers("TS AC IG*", miss="AM AR RS*"),
    ),
    "COM005": Explanation(
        cause=(
            "An export from before version 3, or a repository that was not signed "
            "again since."
        ),
        fix=(
            "Sign the account's next commit as version 3. When reading, verify one of "
            "version 2 over its own fields."
        ),
        readers=Readers(
            "AC IG*",
            miss="IGo* AM AR RS*",
            note="@atproto/repo opens it, and finds its signature wrong.",
        ),
    ),
    "COM006": Explanation(
        cause="An encoder that leaves out fields that are null.",
        fix=(
            "Write `prev` before you sign. When verifying, take the bytes as they are, "
            "and do not add it."
        ),
        readers=Readers("TS AC", miss="AM AR RS* IG*"),
    ),
    "COM007": Explanation(
        cause="A host that keeps a chain of commits, or a legacy repository.",
        fix="Do not rely on it: the commit before is hardly ever in the file.",
        readers=Readers(),
    ),
    "COM008": Explanation(
        cause=(
            "A handle or an address in place of the DID, or capital letters in its "
            "method."
        ),
        fix="Check the syntax of the DID when the account is made.",
        readers=Readers(
            "IG*",
            note=(
                "@atproto/repo and atcute find it only by comparison with the DID that "
                "they expect."
            ),
        ),
    ),
    "COM009": Explanation(
        cause="An account for tests, or a method of another network.",
        fix="Use the methods that atproto resolves.",
        readers=Readers(),
    ),
    "COM010": Explanation(
        cause="A date, a counter or a hash in place of a TID.",
        fix="Take it from the clock, in microseconds, and greater than the one before.",
        readers=Readers("IG*", miss="TS AC AM AR"),
    ),
    "COM011": Explanation(
        cause="A clock that is wrong, or a TID made from milliseconds or nanoseconds.",
        fix=(
            "Set the clock. Take the time, or the last revision and one more, "
            "whichever is greater."
        ),
        readers=Readers(
            "IG*",
            note="In indigo it is the relay that does so.",
        ),
    ),
    "COM012": Explanation(
        cause=(
            "Software that counts revisions up from a small number, as Bridgy Fed does."
        ),
        fix=(
            "Take it from the clock. When reading, compare revisions, and do not show "
            "them as dates."
        ),
        readers=Readers(),
    ),
    "COM013": Explanation(
        cause=(
            "A host that adds a field of its own; or a field added behind the "
            "signature, so that one signature has two commits."
        ),
        fix=(
            "Keep fields that you do not know, and verify the signature over all but "
            "`sig`."
        ),
        readers=Readers(
            note=(
                "@atproto/repo and indigo drop such fields before they verify, so that "
                "they refuse a right signature, and take a wrong one."
            ),
        ),
    ),
    "COM015": Explanation(
        cause=(
            "The wrong file, a server that answers with another account, or one "
            "repository passed off as another."
        ),
        fix="Compare `did` with the account that was asked for.",
        readers=Readers("TS AC"),
    ),
    "COM016": Explanation(
        cause=(
            "A general CBOR encoder, which does not sort keys or writes longer forms."
        ),
        fix="Encode commits with a DAG-CBOR encoder.",
        readers=Readers("AC AM AR LI", miss="TS"),
    ),
    "COM017": Explanation(
        cause=(
            "An export of a host that keeps older commits, or files that were joined."
        ),
        fix="Leave older commits out of an export.",
        readers=Readers(),
    ),
    "COM018": Explanation(
        cause=(
            "A copy from a cache or mirror that is out of date, or an old state that "
            "is passed off as the newest."
        ),
        fix="Remember the last `rev` of each account, and refuse a smaller one.",
    ),
}
