"""The codes COM, explained."""

from __future__ import annotations

from typing import Final

from repoview.core.findings.explained.explanation import Explanation
from repoview.core.findings.explained.readers import ALL, Readers

EXPLAINED: Final = {
    "COM001": Explanation(
        why=(
            "The commit is the one block that is signed. Without it the rest may be "
            "complete and still be anybody's."
        ),
        cause=(
            "Blocks that were copied without the commit, a file that was cut before it "
            "came, or a file of something else."
        ),
        fix="Write the commit into every file, ideally as its first block.",
        readers=Readers(ALL),
    ),
    "COM002": Explanation(
        why=(
            "The commit cannot be told from other signed objects, or older commits, by "
            "its hash. A reader that starts elsewhere reads a tree without a "
            "signature."
        ),
        cause=(
            "A writer that names the top node, a record, or another signed object as "
            "the root."
        ),
        fix="Put the CID of the commit first in `roots`.",
        readers=Readers("TS AC IG*"),
    ),
    "COM003": Explanation(
        why=(
            "Each is needed to judge the rest: whose tree it is, of which form, which "
            "state, and who says so. `data` is the only way from the signature to the "
            "records."
        ),
        cause=(
            "A writer of an early form of the commit, or one that writes a CID as text "
            "where a link belongs."
        ),
        fix="Check the type of each field before you use it.",
        readers=Readers("TS AC", miss="AM AR"),
    ),
    "COM004": Explanation(
        why=(
            "The version says which fields there are and what is signed. A reader that "
            "guesses may verify other bytes than were signed."
        ),
        cause="A repository of version 1 (before March 2023), or a damaged field.",
        fix="Write version 3.",
        readers=Readers("TS AC IG*", miss="AM AR RS*"),
    ),
    "COM005": Explanation(
        why=(
            "Version 2 links states by `prev` and need not have a `rev`, so states "
            "cannot be put in order without all commits before. That is why version 3 "
            "took its place."
        ),
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
        why=(
            "The signature is over the exact bytes. A null and a field that is not "
            "there are different bytes, so readers that add or drop it fail at the "
            "signature."
        ),
        cause="An encoder that leaves out fields that are null.",
        fix=(
            "Write `prev` before you sign. When verifying, take the bytes as they are, "
            "and do not add it."
        ),
        readers=Readers("TS AC", miss="AM AR RS* IG*"),
    ),
    "COM007": Explanation(
        why=(
            "A commit that names its predecessor cannot drop its history, and what was "
            "deleted stays referred to. Version 3 keeps the field only for "
            "compatibility with version 2."
        ),
        cause="A host that keeps a chain of commits, or a legacy repository.",
        fix="Do not rely on it: the commit before is hardly ever in the file.",
        readers=Readers(),
    ),
    "COM008": Explanation(
        why=(
            "The key that the signature is checked with is looked up by it. Handles "
            "change hands; a DID that is written in two ways is two accounts to "
            "software that compares it."
        ),
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
        why=(
            "These two methods are all that the network resolves. For another, nobody "
            "finds a key, so nobody can check the signature."
        ),
        cause="An account for tests, or a method of another network.",
        fix="Use the methods that atproto resolves.",
        readers=Readers(),
    ),
    "COM010": Explanation(
        why=(
            "States are put in order by comparing this text. Another form sorts "
            "differently, so that an older state may be taken for a newer one."
        ),
        cause="A date, a counter or a hash in place of a TID.",
        fix="Take it from the clock, in microseconds, and greater than the one before.",
        readers=Readers("IG*", miss="TS AC AM AR"),
    ),
    "COM011": Explanation(
        why=(
            "A relay keeps the greatest `rev` that it saw. One from the future would "
            "shut out every honest commit until that time has come."
        ),
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
        why=(
            "A TID made from the time goes up by itself, also after an account moved "
            "to another host. A counter that starts anew falls behind what others have "
            "seen."
        ),
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
        why=(
            "All fields but `sig` are signed, so a field that is unknown is part of "
            "what must be encoded again to verify it. Software that drops it says that "
            "the signature is wrong."
        ),
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
        why=(
            "A repository is proved by the key of its own account. A sound one of "
            "somebody else proves nothing about the account that was asked for."
        ),
        cause=(
            "The wrong file, a server that answers with another account, or one "
            "repository passed off as another."
        ),
        fix="Compare `did` with the account that was asked for.",
        readers=Readers("TS AC"),
    ),
    "COM016": Explanation(
        why=(
            "A signature is over bytes, and the CID is of bytes. If two encodings were "
            "allowed, one state would have two commits, and both look valid."
        ),
        cause=(
            "A general CBOR encoder, which does not sort keys or writes longer forms."
        ),
        fix="Encode commits with a DAG-CBOR encoder.",
        readers=Readers("AC AM AR LI", miss="TS"),
    ),
    "COM017": Explanation(
        why=(
            "Only one commit is the state that the file is about. An older one is "
            "validly signed as well, so a reader that picks it shows what was deleted "
            "since."
        ),
        cause=(
            "An export of a host that keeps older commits, or files that were joined."
        ),
        fix="Leave older commits out of an export.",
        readers=Readers(),
    ),
    "COM018": Explanation(
        why=(
            "An old state is as validly signed as the newest: nothing in it says that "
            "there is a later one. Only a comparison of revisions finds that somebody "
            "holds one back."
        ),
        cause=(
            "A copy from a cache or mirror that is out of date, or an old state that "
            "is passed off as the newest."
        ),
        fix="Remember the last `rev` of each account, and refuse a smaller one.",
    ),
}
