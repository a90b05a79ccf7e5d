"""The commit and its fields."""

from __future__ import annotations

from typing import Final

from repoview.core.findings.catalogue.rule import (
    ERROR,
    FATAL,
    INFO,
    TREE,
    WARNING,
    Rule,
)
from repoview.core.findings.catalogue.specs import DAG_CBOR, DID, REPO, SYNC, TID

RULES: Final = (
    Rule(
        "COM001",
        "commit-present",
        FATAL,
        TREE,
        "the file holds no commit",
        must="A repository must have a commit, which links to all the rest.",
        recovery=(
            "If there is a tree without one, it can be walked; otherwise the blocks "
            "can be looked at."
        ),
        sources=(REPO.at("Commit Objects"),),
    ),
    Rule(
        "COM002",
        "commit-is-root",
        FATAL,
        TREE,
        "the root is no commit",
        must="The first root must link to the commit.",
        recovery=(
            "A commit is looked for among the blocks. If there is one with its tree, "
            "the header alone is wrong: an error, 14. Failing that, a tree without a "
            "commit is walked; `--profile mst-only` judges such a tree by itself."
        ),
        sources=(REPO.at("CAR File Serialization"),),
    ),
    Rule(
        "COM003",
        "commit-fields",
        ERROR,
        TREE,
        "a field of the commit is missing or of another type",
        must=(
            "A commit must have `did`, `version`, `data`, `rev`, `prev` and `sig`, "
            "each of its type."
        ),
        recovery="The other fields are used.",
        sources=(REPO.at("Commit Objects"),),
        note="Without `data` there is no way to the tree.",
    ),
    Rule(
        "COM004",
        "commit-version-known",
        ERROR,
        TREE,
        "the repository version is not known",
        must="The `version` of a commit must be 3, or 2 in a legacy repository.",
        recovery="The tree is walked as one of version 3.",
        sources=(REPO.at("Commit Objects"),),
    ),
    Rule(
        "COM005",
        "commit-version-3",
        INFO,
        TREE,
        "the commit is of version 2",
        must="A commit should be of version 3.",
        recovery="It is read by the rules of version 2, in which `rev` may be absent.",
        sources=(REPO.at("Commit Objects"),),
        note="The tree of version 2 is the same.",
    ),
    Rule(
        "COM006",
        "commit-prev-present",
        ERROR,
        TREE,
        "the commit has no `prev`",
        must="A commit of version 3 must have `prev`, even if it is null.",
        recovery="It is taken to be null; the bytes that are signed stay as they are.",
        sources=(REPO.at("Commit Objects"),),
    ),
    Rule(
        "COM007",
        "commit-prev-null",
        INFO,
        TREE,
        "`prev` is set",
        must="`prev` should be null.",
        recovery="It is shown, and not followed.",
        sources=(REPO.at("Commit Objects"),),
        note=(
            "The field may name the commit before this one, but hardly any host sets "
            "it."
        ),
    ),
    Rule(
        "COM008",
        "commit-did-syntax",
        ERROR,
        TREE,
        "`did` is not a DID",
        must="`did` must be the account's DID, in its normal form.",
        recovery="It is shown as it is.",
        sources=(REPO.at("Commit Objects"), DID.at()),
    ),
    Rule(
        "COM009",
        "commit-did-method",
        WARNING,
        TREE,
        "the DID is of no method that atproto uses",
        must="`did` should be a did:plc with 24 characters of base32, or a did:web.",
        recovery="It is used as it is.",
        sources=(DID.at("Blessed DID Methods"),),
    ),
    Rule(
        "COM010",
        "commit-rev-tid",
        ERROR,
        TREE,
        "`rev` is not a TID",
        must="`rev` must be a TID, 13 characters of a sortable base32.",
        recovery="It is shown as it is, and tells no time.",
        sources=(REPO.at("Commit Objects"), TID.at()),
    ),
    Rule(
        "COM011",
        "commit-rev-not-future",
        WARNING,
        TREE,
        "`rev` is in the future",
        must="`rev` should not be in the future.",
        recovery="It is used as it is.",
        sources=(SYNC.at("Repository Revisions"),),
        note="Relays leave those aside that are more than a few minutes ahead.",
    ),
    Rule(
        "COM012",
        "commit-rev-plausible",
        INFO,
        TREE,
        "`rev` is older than the network",
        must="`rev` should tell a time, in microseconds since 1970.",
        recovery="It is used as it is.",
        sources=(TID.at(),),
        note="Some software counts otherwise.",
    ),
    Rule(
        "COM013",
        "commit-fields-known",
        WARNING,
        TREE,
        "the commit has a field of its own",
        must="A commit should have its six fields and no others.",
        recovery="The field is kept in what is signed.",
        sources=(REPO.at("Commit Objects"),),
        note="The signature covers all that there are.",
    ),
    Rule(
        "COM015",
        "commit-did-expected",
        ERROR,
        TREE,
        "the commit is of another account",
        must="`did` must be the account that the repository belongs to.",
        recovery="The repository is read as what it says it is.",
        sources=(REPO.at("Commit Objects"),),
        note="Which one that should be was given with `--did`.",
    ),
    Rule(
        "COM016",
        "commit-canonical",
        ERROR,
        TREE,
        "the commit is not in canonical form",
        must="A commit must be canonical DAG-CBOR.",
        recovery="Its fields are used; the code beside it says what is wrong.",
        sources=(REPO.at("Commit Objects"), DAG_CBOR.at("Strictness")),
        note="Otherwise one content and signature would have several CIDs.",
    ),
    Rule(
        "COM017",
        "commit-single",
        INFO,
        TREE,
        "the file holds several commits",
        must=(
            "A file may hold other commits than that of the root, which readers must "
            "ignore."
        ),
        recovery="The one of the root is used.",
        sources=(REPO.at("CAR File Serialization"),),
    ),
    Rule(
        "COM018",
        "commit-rev-expected",
        ERROR,
        TREE,
        "the commit is of another revision",
        must="`rev` must be the revision that was asked for.",
        recovery="The repository is read as what it says it is.",
        sources=(REPO.at("Commit Objects"),),
        note=(
            "It tells the states of a repository apart, and later ones have greater "
            "ones. Which one it should be was given with `--rev`."
        ),
    ),
)
