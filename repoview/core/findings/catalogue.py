"""Every code of a finding: severity, scope, rule, and recovery.

Codes are a contract: once published, they are never renumbered or used again.
A rule cites its specification by name; the words are ours. What is special to
one finding, with its numbers, is in its message.

There is no CBR022 (bytes that encoding again does not reproduce): strict
decoding leaves nothing for it to find.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Severity(StrEnum):
    """How bad a finding is, mildest first; compared by gravity, not as text."""

    INFO = "info"
    """Worth knowing; nothing is wrong."""

    WARNING = "warning"
    """Odd, or refused by some readers, but no rule is broken for good."""

    ERROR = "error"
    """A rule is broken; reading went on."""

    FATAL = "fatal"
    """No repository can be made out, whatever else is there."""

    def __lt__(self, other: str) -> bool:
        return _RANKS[self] < _RANKS[Severity(other)]

    def __le__(self, other: str) -> bool:
        return _RANKS[self] <= _RANKS[Severity(other)]

    def __gt__(self, other: str) -> bool:
        return _RANKS[self] > _RANKS[Severity(other)]

    def __ge__(self, other: str) -> bool:
        return _RANKS[self] >= _RANKS[Severity(other)]


_RANKS: Final = {severity: rank for rank, severity in enumerate(Severity)}


class Scope(StrEnum):
    """What a finding is about, which decides the exit code of an error.

    This is the default of a code; a finding may have another, as a CBR code in
    a node has.
    """

    CONTAINER = "container"
    """The file around the repository, or blocks that nothing links to: 14."""

    TREE = "tree"
    """The commit, a node, a key, or how any of them is encoded: 11."""

    MISSING = "missing"
    """Something that the tree needs and the file does not have: 10."""

    RECORD = "record"
    """One record, and nothing above it: 13."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One code of the catalogue."""

    code: str
    severity: Severity
    """The default; a profile or a finding may have another."""

    scope: Scope
    title: str
    """What is wrong, in a few words."""

    rule: str
    """What the specification asks for, and which one."""

    recovery: str
    """What repoview does about it."""


INFO, WARNING, ERROR, FATAL = Severity
CONTAINER, TREE, MISSING, RECORD = Scope

_RULES: Final = (
    Rule(
        "CAR001",
        FATAL,
        CONTAINER,
        "the file is empty",
        "A CAR begins with a header, which takes at least a few bytes (CARv1, Header).",
        "There is nothing to read.",
    ),
    Rule(
        "CAR002",
        FATAL,
        CONTAINER,
        "the header has a length of zero",
        "The length in front of the header counts the bytes of a map, so it is never "
        "zero (CARv1, Header; DASL CAR).",
        "Nothing behind it is read, for where the sections begin is not known.",
    ),
    Rule(
        "CAR003",
        FATAL,
        CONTAINER,
        "the header's length is no varint",
        "A length is an unsigned LEB128 of at most 9 bytes and 63 bits (unsigned "
        "varint).",
        "Nothing behind it is read, for where the sections begin is not known.",
    ),
    Rule(
        "CAR004",
        WARNING,
        CONTAINER,
        "the header's length has needless bytes",
        "A varint is written in as few bytes as it takes (unsigned varint). The "
        "drafts for LEB128 are laxer, so it counts as an error in the strict profile "
        "only.",
        "The value is used.",
    ),
    Rule(
        "CAR005",
        FATAL,
        CONTAINER,
        "the header's length is over the limit",
        "No specification gives a limit. A header with one root takes some 60 bytes; "
        "repoview reads up to 1 MiB.",
        "Nothing behind it is read, for such a length is not likely to be one.",
    ),
    Rule(
        "CAR006",
        FATAL,
        CONTAINER,
        "the file ends inside the header",
        "The header has as many bytes as the length in front of it says (CARv1, "
        "Header).",
        "There is nothing more to read. Fetch the file again if you can.",
    ),
    Rule(
        "CAR007",
        FATAL,
        CONTAINER,
        "the header is no CBOR map",
        "The header is one DAG-CBOR map with `version` and `roots` (CARv1, Header).",
        "Nothing behind it is read.",
    ),
    Rule(
        "CAR009",
        FATAL,
        CONTAINER,
        "the CAR version is not known",
        "atproto uses version 1 (atproto repository v3, CAR File Serialization). "
        "Version 2 begins with a fixed pragma, and is unwrapped when it does.",
        "Nothing behind the header is read.",
    ),
    Rule(
        "CAR010",
        ERROR,
        CONTAINER,
        "the header has no integer `version`",
        "The header's `version` is the integer 1 (CARv1, Header).",
        "It is taken to be 1.",
    ),
    Rule(
        "CAR011",
        ERROR,
        CONTAINER,
        "the header has no array `roots`",
        "The header's `roots` is an array of links (CARv1, Header).",
        "The commit is looked for among the blocks.",
    ),
    Rule(
        "CAR012",
        WARNING,
        CONTAINER,
        "the header has no root",
        "The first root names the commit (atproto repository v3, CAR File "
        "Serialization). CARv1 wants at least one root, DASL CAR allows none, and "
        "some servers answer without one.",
        "The commit is looked for among the blocks.",
    ),
    Rule(
        "CAR013",
        INFO,
        CONTAINER,
        "the header has several roots",
        "The first root is the commit; what others mean is left open (atproto "
        "repository v3, CAR File Serialization). The IETF draft wants exactly one, so "
        "this is an error in the strict profile.",
        "The first root is taken as the commit.",
    ),
    Rule(
        "CAR014",
        WARNING,
        CONTAINER,
        "a root is listed twice",
        "Nothing forbids it, but nothing is said by it either (CARv1, Header).",
        "The copies are left aside.",
    ),
    Rule(
        "CAR015",
        ERROR,
        CONTAINER,
        "a root is no link",
        "Each root is a link: tag 42 around a CID (CARv1, Header).",
        "If it is the first root, the commit is looked for among the blocks.",
    ),
    Rule(
        "CAR016",
        ERROR,
        CONTAINER,
        "the root is not a link to dag-cbor with sha-256",
        "A commit is named by a version 1 CID with the dag-cbor codec and a sha-256 "
        "digest (atproto repository v3, CID Formats).",
        "The block of the same digest is taken, if there is one; otherwise the commit "
        "is looked for.",
    ),
    Rule(
        "CAR017",
        INFO,
        CONTAINER,
        "the header has fields of its own",
        "CARv1 is silent on further fields, and DASL CAR allows them.",
        "They are named and left aside.",
    ),
    Rule(
        "CAR018",
        WARNING,
        CONTAINER,
        "the header is not canonical",
        "The header is DAG-CBOR, in which each value has one encoding (CARv1, Header; "
        "DAG-CBOR, Strictness).",
        "What it says is used.",
    ),
    Rule(
        "CAR019",
        WARNING,
        CONTAINER,
        "the header has bytes behind its map",
        "The header is exactly one item of CBOR (CARv1, Header).",
        "They are passed by, up to the end that the length gives.",
    ),
    Rule(
        "CAR020",
        ERROR,
        MISSING,
        "the root's block is not in the file",
        "The block of the first root, the commit, is part of the file (atproto "
        "repository v3, CAR File Serialization; DASL CAR).",
        "A commit is looked for among the blocks. If there is one with its tree, the "
        "header alone is wrong: 14.",
    ),
    Rule(
        "CAR021",
        ERROR,
        CONTAINER,
        "the length of a section is no varint",
        "A section begins with its length, an unsigned LEB128 of at most 9 bytes and "
        "63 bits (CARv1, Data; unsigned varint).",
        "Reading ends here, for where the next section begins is not known.",
    ),
    Rule(
        "CAR022",
        WARNING,
        CONTAINER,
        "lengths of sections have needless bytes",
        "A varint is written in as few bytes as it takes (unsigned varint). The "
        "drafts for LEB128 are laxer, so it counts as an error in the strict profile "
        "only.",
        "The values are used.",
    ),
    Rule(
        "CAR023",
        ERROR,
        CONTAINER,
        "the last section is cut off",
        "A section has as many bytes as its length says (CARv1, Data).",
        "What is left of it is not used. Fetch the file again if you can.",
    ),
    Rule(
        "CAR024",
        ERROR,
        CONTAINER,
        "a section is over the limit",
        "No specification bounds a block. Records end at 1 MB; repoview reads "
        "sections up to 32 MiB.",
        "It is passed by without being read, as if its block were not there.",
    ),
    Rule(
        "CAR025",
        WARNING,
        CONTAINER,
        "sections have zero length",
        "A section holds a CID, so it is never empty (CARv1, Data; DASL CAR). Zeros "
        "at the end of a file are padding, which does no harm.",
        "They are passed by: sections may well follow.",
    ),
    Rule(
        "CAR026",
        ERROR,
        CONTAINER,
        "a section is shorter than its CID",
        "A section holds a whole CID, of 36 bytes in atproto (CARv1, Data; DASL CAR).",
        "It is passed by, by its length.",
    ),
    Rule(
        "CAR027",
        ERROR,
        CONTAINER,
        "the file ends inside the length of a section",
        "A file ends behind a section or not at all well: a length is followed by as "
        "many bytes (CARv1, Data).",
        "There is nothing more to read. Fetch the file again if you can.",
    ),
    Rule(
        "CAR028",
        ERROR,
        CONTAINER,
        "bytes behind the last section are no section",
        "Behind the header a CAR has sections and nothing else (CARv1, Data).",
        "They are left unread.",
    ),
    Rule(
        "CAR029",
        WARNING,
        MISSING,
        "the file ends cleanly, but the tree is not complete",
        "A CAR has no count and no end mark, so one that was cut between two sections "
        "looks whole until the tree is walked (CARv1, Data).",
        "What is there is shown. If it is a slice on purpose, `--expect slice` says "
        "so.",
    ),
    Rule(
        "CAR030",
        FATAL,
        CONTAINER,
        "the input is something else than a CAR",
        "A CAR begins with the length of a header and a CBOR map (CARv1, Header). One "
        "packed with gzip, zstd, bzip2 or xz is opened as well.",
        "Nothing of it is read.",
    ),
    Rule(
        "CAR033",
        ERROR,
        CONTAINER,
        "another CAR begins behind this one",
        "A CAR is one header and the sections behind it (CARv1). Two written one "
        "after the other are not one CAR.",
        "The first is judged. What follows is counted and left unread: cut the file "
        "in two there, and open each.",
    ),
    Rule(
        "CID001",
        ERROR,
        CONTAINER,
        "a section does not begin with a CID",
        "A CID is `12 20` and 32 bytes, or version 1, codec, hash function, digest "
        "size and digest (CID, Decoding Algorithm).",
        "The section is passed by, by its length.",
    ),
    Rule(
        "CID002",
        WARNING,
        CONTAINER,
        "a block has a CID of version 0",
        "atproto uses version 1 only (atproto data model, CID Formats).",
        "The block is kept, and not decoded.",
    ),
    Rule(
        "CID003",
        WARNING,
        CONTAINER,
        "a block's codec is neither dag-cbor nor raw",
        "atproto uses dag-cbor for data and raw for blobs (atproto data model, CID "
        "Formats).",
        "The block is kept, and not decoded.",
    ),
    Rule(
        "CID004",
        WARNING,
        CONTAINER,
        "a CID is not hashed with sha2-256",
        "atproto uses sha2-256 (atproto data model, CID Formats). A block in the tree "
        "that cannot be hashed is an error, for then nothing proves it.",
        "It is verified where its function is a strong one that we know, and called "
        "unverified otherwise.",
    ),
    Rule(
        "CID005",
        WARNING,
        CONTAINER,
        "a sha2-256 digest does not have 32 bytes",
        "A digest is whole, 32 bytes (atproto data model, CID Formats). A block in "
        "the tree that cannot be hashed is an error, for then nothing proves it.",
        "The block is kept, and not verified.",
    ),
    Rule(
        "CID006",
        WARNING,
        CONTAINER,
        "a CID holds the data itself",
        "Identity CIDs are legal in a CAR, but never in atproto (atproto data model, "
        "CID Formats). In the tree it is an error.",
        "The data is taken from the CID.",
    ),
    Rule(
        "CID008",
        ERROR,
        TREE,
        "a link of the tree is not to dag-cbor with sha-256",
        "`data` and `prev` of a commit, and `l` and `t` of a node, are version 1 CIDs "
        "with dag-cbor and sha-256; with another form the whole tree is invalid "
        "(atproto repository v3, CID Formats).",
        "The link is followed all the same, if its block is there.",
    ),
    Rule(
        "CID009",
        WARNING,
        TREE,
        "a link to a record is not to dag-cbor with sha-256",
        "The atproto repository specification leaves `v` some freedom, while the IETF "
        "draft allows version 1 with dag-cbor and sha-256 only; in the strict profile "
        "it is an error.",
        "The link is kept as it is; its block is judged only if it is dag-cbor.",
    ),
    Rule(
        "BLK001",
        ERROR,
        TREE,
        "a block's bytes do not hash to its CID",
        "The digest in a CID is that of the block's bytes (atproto repository v3, CAR "
        "File Serialization; DASL CAR).",
        "Its bytes are kept to be looked at, and otherwise it counts as missing.",
    ),
    Rule(
        "BLK002",
        INFO,
        CONTAINER,
        "blocks stand in the file more than once",
        "Readers put up with copies (atproto repository v3, CAR File Serialization).",
        "The first copy is used.",
    ),
    Rule(
        "BLK003",
        ERROR,
        CONTAINER,
        "a block stands in the file again, with other bytes",
        "At most one of them can hash to the CID (DASL CAR).",
        "The copy that hashes is used.",
    ),
    Rule(
        "BLK004",
        INFO,
        CONTAINER,
        "nothing links to some blocks",
        "Readers ignore blocks that the tree does not reach (atproto repository v3, "
        "CAR File Serialization).",
        "They are left out of the tree. A report names the first hundred of them by "
        "CID, under `cids`.",
    ),
    Rule(
        "BLK005",
        WARNING,
        CONTAINER,
        "most of the file is blocks that nothing links to",
        "Readers ignore them, but large amounts are an abuse (IETF draft, Security "
        "Considerations).",
        "They are left out of the tree.",
    ),
    Rule(
        "BLK006",
        WARNING,
        CONTAINER,
        "a block is over 1,000,000 bytes",
        "The network carries records up to that size, and nodes and commits are far "
        "smaller (atproto sync).",
        "It is read.",
    ),
    Rule(
        "BLK007",
        WARNING,
        CONTAINER,
        "a block is over 2 MiB",
        "No honest commit or node comes near it, and several readers refuse it "
        "(atproto data validation guide).",
        "It is read when it is needed.",
    ),
    Rule(
        "BLK008",
        ERROR,
        MISSING,
        "a node is missing",
        "A whole repository holds every node that its tree links to (atproto "
        "repository v3, CAR File Serialization). A slice leaves out most.",
        "Its place is a hole, with the range of keys that it hides.",
    ),
    Rule(
        "BLK009",
        ERROR,
        MISSING,
        "the block of a record is missing",
        "A whole repository holds every record that its tree links to (atproto "
        "repository v3, CAR File Serialization). A slice leaves out most.",
        "Its path and CID are listed.",
    ),
    Rule(
        "BLK010",
        INFO,
        MISSING,
        "blocks of the tree are absent",
        "Slices and proofs are partial on purpose, and nothing in a file says that it "
        "is one (atproto sync).",
        "What is there is shown, with its holes. What the file looks like is told, and "
        "explains the blocks that are missing.",
    ),
    Rule(
        "BLK011",
        INFO,
        CONTAINER,
        "blocks that nothing links to look like an older tree",
        "An export may carry nodes and commits of earlier revisions; readers ignore "
        "them (atproto repository v3, CAR File Serialization).",
        "They are left out of the tree. A report names the first hundred of them by "
        "CID, under `cids`.",
    ),
    Rule(
        "BLK012",
        INFO,
        CONTAINER,
        "a block that nothing links to is not sound DAG-CBOR",
        "Readers ignore blocks that the tree does not reach, whatever they hold "
        "(atproto repository v3, CAR File Serialization).",
        "It is kept as bytes.",
    ),
    Rule(
        "CBR001",
        ERROR,
        RECORD,
        "a CBOR item is cut off",
        "A block holds one item, and all of it (DAG-CBOR, Strictness).",
        "What stands before the end is decoded.",
    ),
    Rule(
        "CBR002",
        ERROR,
        RECORD,
        "bytes stand behind the CBOR item",
        "A block holds exactly one item (DAG-CBOR, Strictness).",
        "The first item is used.",
    ),
    Rule(
        "CBR003",
        ERROR,
        RECORD,
        "a number, length or tag is not in its shortest form",
        "Integers, lengths and tags take as few bytes as they can, so that a value "
        "has one encoding and one CID (DAG-CBOR, Strictness; DRISL).",
        "The value is used.",
    ),
    Rule(
        "CBR004",
        ERROR,
        RECORD,
        "an item has no definite length",
        "Texts, bytes, arrays and maps say their length beforehand (DAG-CBOR, "
        "Strictness).",
        "It is read up to its end mark.",
    ),
    Rule(
        "CBR005",
        ERROR,
        RECORD,
        "a head means nothing, or an end mark stands alone",
        "The additional values 28 to 30 are reserved, and a break belongs to an "
        "indefinite item only (RFC 8949, Specification of the CBOR Encoding).",
        "Decoding ends here; what stands before it is shown.",
    ),
    Rule(
        "CBR006",
        ERROR,
        RECORD,
        "a map key is not text",
        "The keys of maps are text (DAG-CBOR, Strictness).",
        "The key is shown in diagnostic notation.",
    ),
    Rule(
        "CBR007",
        ERROR,
        RECORD,
        "a map has a key twice",
        "A map has each key once (DAG-CBOR, Strictness). Readers differ in which one "
        "they take.",
        "The first is used.",
    ),
    Rule(
        "CBR008",
        ERROR,
        RECORD,
        "the keys of a map are out of order",
        "Keys are sorted by length, then by their bytes (DAG-CBOR, Strictness; DRISL).",
        "The map is used as it is.",
    ),
    Rule(
        "CBR009",
        ERROR,
        RECORD,
        "a tag is not 42",
        "The one tag is 42, which marks a link (DAG-CBOR, Links).",
        "The content is used without the tag.",
    ),
    Rule(
        "CBR010",
        ERROR,
        RECORD,
        "a link does not hold a CID",
        "Tag 42 stands before bytes that are 00 and a binary CID (DAG-CBOR, Links).",
        "Its content is shown as it is.",
    ),
    Rule(
        "CBR011",
        ERROR,
        RECORD,
        "a number is a float",
        "atproto data has no floats; DAG-CBOR would allow those of 64 bits (atproto "
        "data model).",
        "The value is shown.",
    ),
    Rule(
        "CBR012",
        ERROR,
        RECORD,
        "a float is short, not finite, or -0.0",
        "A float has 64 bits and is a finite number, and there is one zero (DAG-CBOR, "
        "Strictness; DRISL). atproto data has no floats at all.",
        "The value is shown.",
    ),
    Rule(
        "CBR013",
        ERROR,
        RECORD,
        "a simple value is none of false, true and null",
        "No others are allowed, undefined neither (DAG-CBOR, Strictness).",
        "It is shown by its name or number.",
    ),
    Rule(
        "CBR014",
        ERROR,
        RECORD,
        "a text is not UTF-8",
        "Text is valid UTF-8, without surrogates (RFC 8949, Major Types; atproto data "
        "model).",
        "The bytes that are wrong are shown escaped.",
    ),
    Rule(
        "CBR015",
        ERROR,
        RECORD,
        "an integer does not fit 64 bits with a sign",
        "Integers have at most 64 bits, sign included (atproto data model).",
        "The value is shown.",
    ),
    Rule(
        "CBR016",
        WARNING,
        RECORD,
        "an integer is beyond 2**53",
        "The advice is to stay within 53 bits, which JavaScript keeps exact (atproto "
        "data model).",
        "The value is used as it is.",
    ),
    Rule(
        "CBR017",
        ERROR,
        RECORD,
        "arrays and maps stand too deep in one another",
        "The atproto data validation guide allows 32 of them; repoview decodes 128.",
        "It is left out; what stands before and behind it is kept.",
    ),
    Rule(
        "CBR018",
        ERROR,
        RECORD,
        "a length is more than what is left",
        "A length counts bytes or items that follow in the same block (RFC 8949, "
        "Specification of the CBOR Encoding).",
        "Decoding ends here; what stands before it is shown.",
    ),
    Rule(
        "CBR019",
        WARNING,
        RECORD,
        "an array or map has very many items, or a key very many bytes",
        "At most 131,072 items and 8,192 bytes of a key are advised (atproto data "
        "validation guide).",
        "It is used as it is.",
    ),
    Rule(
        "CBR020",
        WARNING,
        RECORD,
        "a map key is empty",
        "Keys without a character are not allowed in atproto data (atproto data "
        "validation guide).",
        "It is used as it is.",
    ),
    Rule(
        "CBR021",
        ERROR,
        RECORD,
        "the block is empty",
        "A block holds one item of CBOR, which takes at least a byte (DAG-CBOR, "
        "Strictness).",
        "A node or commit without bytes counts as missing; a record without any is "
        "shown as such.",
    ),
    Rule(
        "COM001",
        FATAL,
        TREE,
        "the file holds no commit",
        "A repository is what a commit links to (atproto repository v3, Commit "
        "Objects).",
        "If there is a tree without one, it can be walked; otherwise the blocks can "
        "be looked at.",
    ),
    Rule(
        "COM002",
        FATAL,
        TREE,
        "the root is no commit",
        "The first root links to the commit (atproto repository v3, CAR File "
        "Serialization).",
        "A commit is looked for among the blocks. If there is one with its tree, the "
        "header alone is wrong: an error, 14. Failing that, a tree without a commit "
        "is walked; `--profile mst-only` judges such a tree by itself.",
    ),
    Rule(
        "COM003",
        ERROR,
        TREE,
        "a field of the commit is missing or of another type",
        "A commit has `did`, `version`, `data`, `rev`, `prev` and `sig`, each of its "
        "type (atproto repository v3, Commit Objects). Without `data` there is no way "
        "to the tree.",
        "The other fields are used.",
    ),
    Rule(
        "COM004",
        ERROR,
        TREE,
        "the repository version is not known",
        "Version 3 is the current one, and 2 is legacy (atproto repository v3, Commit "
        "Objects).",
        "The tree is walked as one of version 3.",
    ),
    Rule(
        "COM005",
        INFO,
        TREE,
        "the commit is of version 2",
        "Version 3 is the current one; its tree is the same (atproto repository v3, "
        "Commit Objects).",
        "It is read by the rules of version 2, in which `rev` may be absent.",
    ),
    Rule(
        "COM006",
        ERROR,
        TREE,
        "the commit has no `prev`",
        "In version 3 the field stands there even when it is null (atproto repository "
        "v3, Commit Objects).",
        "It is taken to be null; the bytes that are signed stay as they are.",
    ),
    Rule(
        "COM007",
        INFO,
        TREE,
        "`prev` is set",
        "The field may name the commit before this one, but hardly any host sets it "
        "(atproto repository v3, Commit Objects).",
        "It is shown, and not followed.",
    ),
    Rule(
        "COM008",
        ERROR,
        TREE,
        "`did` is not a DID",
        "The field holds the account's DID in its normal form (atproto repository v3, "
        "Commit Objects; atproto DID).",
        "It is shown as it is.",
    ),
    Rule(
        "COM009",
        WARNING,
        TREE,
        "the DID is of no method that atproto uses",
        "Accounts have did:plc with 24 characters of base32, or did:web (atproto DID).",
        "It is used as it is.",
    ),
    Rule(
        "COM010",
        ERROR,
        TREE,
        "`rev` is not a TID",
        "The revision is a TID: 13 characters of a sortable base32 (atproto "
        "repository v3, Commit Objects; atproto TID).",
        "It is shown as it is, and tells no time.",
    ),
    Rule(
        "COM011",
        WARNING,
        TREE,
        "`rev` is in the future",
        "Revisions follow the clock, and relays leave those aside that are more than "
        "a few minutes ahead (atproto sync).",
        "It is used as it is.",
    ),
    Rule(
        "COM012",
        INFO,
        TREE,
        "`rev` is older than the network",
        "A TID counts microseconds since 1970, but some software counts otherwise "
        "(atproto TID).",
        "It is used as it is.",
    ),
    Rule(
        "COM013",
        WARNING,
        TREE,
        "the commit has a field of its own",
        "The specification names six fields, and the signature covers all that there "
        "are (atproto repository v3, Commit Objects).",
        "The field is kept in what is signed.",
    ),
    Rule(
        "COM015",
        ERROR,
        TREE,
        "the commit is of another account",
        "`did` names the account that the repository belongs to (atproto repository "
        "v3, Commit Objects). Which one that should be was given with `--did`.",
        "The repository is read as what it says it is.",
    ),
    Rule(
        "COM016",
        ERROR,
        TREE,
        "the commit is not in canonical form",
        "A commit is canonical DAG-CBOR, or one content and signature would have "
        "several CIDs (atproto repository v3, Commit Objects; DAG-CBOR, Strictness).",
        "Its fields are used; the code beside it says what is wrong.",
    ),
    Rule(
        "COM017",
        INFO,
        TREE,
        "the file holds several commits",
        "Readers ignore those that the root does not name (atproto repository v3, CAR "
        "File Serialization).",
        "The one of the root is used.",
    ),
    Rule(
        "COM018",
        ERROR,
        TREE,
        "the commit is of another revision",
        "`rev` tells the states of a repository apart, and later ones have greater "
        "ones (atproto repository v3, Commit Objects). Which one it should be was "
        "given with `--rev`.",
        "The repository is read as what it says it is.",
    ),
    Rule(
        "SIG002",
        ERROR,
        TREE,
        "the signature does not hold under the key",
        "The account signs the SHA-256 of the commit without `sig` (atproto repository "
        "v3, Commit Objects). Accounts change their keys, and a DID document has only "
        "the newest: an old export may be right, and signed with the one before.",
        "The repository is read; who wrote it is not proved.",
    ),
    Rule(
        "SIG003",
        ERROR,
        TREE,
        "the signature holds, but is high-S",
        "Of every signature there are two, and only the one with the smaller `s` is "
        "allowed, or one content would have two commits (atproto cryptography, ECDSA "
        "Signature Malleability).",
        "Some readers take it, and others refuse it.",
    ),
    Rule(
        "SIG004",
        ERROR,
        TREE,
        "the signature has not 64 bytes",
        "It is `r` and `s` in 32 bytes each, and never in DER (atproto cryptography, "
        "Signatures). No key can make it right.",
        "One in DER is held to the key in its right form, and stays wrong.",
    ),
    Rule(
        "SIG005",
        ERROR,
        TREE,
        "the DID document gives no key that can be read",
        "The key that signs is called `#atproto`, and is a Multikey on P-256 or K-256 "
        "(atproto DID, Representation of Public Keys). The document was given with "
        "`--did-doc`.",
        "The signature is not checked.",
    ),
    Rule(
        "SIG006",
        WARNING,
        TREE,
        "the DID document is of another account",
        "The key of an account proves its own repository only (atproto DID). The "
        "document was given with `--did-doc`.",
        "Its key is used all the same.",
    ),
    Rule(
        "SIG007",
        INFO,
        TREE,
        "the signature holds under the key",
        "The account signs the SHA-256 of the commit without `sig` (atproto repository "
        "v3, Commit Objects); version 2 does so over its own fields.",
        "The key is named.",
    ),
    Rule(
        "SIG008",
        ERROR,
        TREE,
        "`r` or `s` of the signature is out of range",
        "Both are at least 1 and below the order of the curve (SEC 1, §4.1.4). No key "
        "can make it right.",
        "The repository is read; who wrote it is not proved.",
    ),
    Rule(
        "SIG009",
        WARNING,
        TREE,
        "the signature holds for another form of the commit only",
        "It should be over all fields but `sig`, in canonical form (atproto repository "
        "v3, Commit Objects). Some programs sign without `prev`, or without fields "
        "that they do not know, or bytes that are not canonical; `did`, `rev` and "
        "`data` are signed all the same.",
        "It is taken as verified; some readers take it, and others refuse it.",
    ),
    Rule(
        "MST001",
        ERROR,
        TREE,
        "a link of the tree leads to something that is no node",
        "`data`, `l` and `t` link to nodes: maps with `e` and `l` (atproto repository "
        "v3, MST Structure).",
        "Its place is a hole, with the range of keys that it hides.",
    ),
    Rule(
        "MST002",
        ERROR,
        TREE,
        "a node or entry has a field of its own",
        "A node has `e` and `l`, an entry `k`, `p`, `t` and `v`; a tree with more is "
        "not the one its keys give (atproto repository v3, MST Structure).",
        "The field is left aside.",
    ),
    Rule(
        "MST003",
        ERROR,
        TREE,
        "a field of a node or entry is missing",
        "All fields stand there even when they are null (atproto repository v3, MST "
        "Structure).",
        "It is taken to be null, or 0; an entry without `k` or `v` gives no record.",
    ),
    Rule(
        "MST004",
        ERROR,
        TREE,
        "a field of a node or entry is of another type",
        "`e` is an array of maps, `k` is bytes, `p` an integer, `v` a link, and `l` "
        "and `t` are links or null (atproto repository v3, MST Structure).",
        "The node is not used: its place is a hole.",
    ),
    Rule(
        "MST005",
        ERROR,
        TREE,
        "the first entry of a node shares bytes with a key before it",
        "There is none before it, so its `p` is 0 (atproto repository v3, MST "
        "Structure).",
        "`k` is taken as the whole key.",
    ),
    Rule(
        "MST006",
        ERROR,
        TREE,
        "an entry shares more bytes than the key before it has",
        "`p` counts bytes of the key before, in the same node (atproto repository v3, "
        "MST Structure).",
        "The keys from there on cannot be known; the sub-trees of the node are walked.",
    ),
    Rule(
        "MST007",
        ERROR,
        TREE,
        "an entry shares a negative number of bytes",
        "`p` is 0 or more (atproto repository v3, MST Structure).",
        "The keys from there on cannot be known; the sub-trees of the node are walked.",
    ),
    Rule(
        "MST008",
        ERROR,
        TREE,
        "an entry shares fewer bytes than it could",
        "`p` counts all bytes that two keys have in common, so that a tree has one "
        "form (atproto repository v3, MST Structure).",
        "The key is used.",
    ),
    Rule(
        "MST009",
        ERROR,
        TREE,
        "keys of a node are out of order",
        "Keys ascend by their bytes (atproto repository v3, MST Structure).",
        "The key is listed where it stands, and bounds no other.",
    ),
    Rule(
        "MST010",
        ERROR,
        TREE,
        "a key stands in a node twice",
        "Each key is there once (atproto repository v3, MST Structure).",
        "Both are listed; a look-up finds the first.",
    ),
    Rule(
        "MST011",
        ERROR,
        TREE,
        "a node has keys of several depths",
        "All keys of a node have one depth: the leading zero bit pairs of their "
        "SHA-256 (atproto repository v3, MST Structure).",
        "They are listed where they stand.",
    ),
    Rule(
        "MST012",
        ERROR,
        TREE,
        "a node hangs at another depth than its parent gives it",
        "A child is exactly one depth below its parent; empty nodes bridge what lies "
        "between (atproto repository v3, MST Structure).",
        "It is walked where it hangs.",
    ),
    Rule(
        "MST013",
        ERROR,
        TREE,
        "a node hangs below depth 0",
        "Depth 0 is the lowest that a key can have (atproto repository v3, MST "
        "Structure).",
        "It is walked where it hangs.",
    ),
    Rule(
        "MST014",
        ERROR,
        TREE,
        "a key is outside its parent's range",
        "The keys below a link lie between the keys to its left and right (atproto "
        "repository v3, MST Structure).",
        "The key is listed where it stands, and bounds no other. A look-up may miss "
        "it.",
    ),
    Rule(
        "MST015",
        ERROR,
        TREE,
        "an empty node stands in the tree",
        "Only the one node of an empty repository is without entries and links "
        "(atproto repository v3, MST Structure).",
        "There is nothing in it to walk.",
    ),
    Rule(
        "MST016",
        ERROR,
        TREE,
        "the top node is not trimmed",
        "The top node has entries: one with only a left link is cut away (atproto "
        "repository v3, MST Structure).",
        "The walk goes on below it.",
    ),
    Rule(
        "MST017",
        ERROR,
        TREE,
        "a node is linked to twice",
        "A node stands in a tree once, for its keys would be there twice otherwise "
        "(atproto repository v3, MST Structure).",
        "It is walked the first time only.",
    ),
    Rule(
        "MST018",
        ERROR,
        TREE,
        "a key is not greater than the one before it",
        "Keys ascend over the whole tree (atproto repository v3, MST Structure).",
        "The key is listed where it stands, and bounds no other.",
    ),
    Rule(
        "MST019",
        WARNING,
        TREE,
        "a node has unusually many entries",
        "Three entries in four are followed by another, so 64 in a row come once in "
        "10**8 nodes (atproto repository v3, Security Considerations).",
        "All are read.",
    ),
    Rule(
        "MST020",
        ERROR,
        TREE,
        "a node has more entries than chance can give",
        "Readers bound the size of nodes against mined keys (atproto repository v3, "
        "Security Considerations). Over 200 happens by chance once in 10**25 nodes.",
        "Up to 8,192 are read.",
    ),
    Rule(
        "MST021",
        WARNING,
        TREE,
        "the top node is higher than chance can give",
        "Readers bound the depth of trees against mined keys (atproto repository v3, "
        "Security Considerations). A key of depth 24 takes 4**24 hashes to find.",
        "The tree is walked.",
    ),
    Rule(
        "MST022",
        ERROR,
        TREE,
        "the tree goes on below what SHA-256 allows",
        "A digest of 256 bits gives the depths 128 to 0, which are 129 nodes on a way "
        "down (atproto repository v3, MST Structure).",
        "What lies below is not walked.",
    ),
    Rule(
        "MST024",
        ERROR,
        TREE,
        "the tree is not the one that its keys give",
        "A set of keys and links has one tree, and so one `data` (atproto repository "
        "v3, MST Structure).",
        "The tree is shown as it stands in the file.",
    ),
    Rule(
        "MST025",
        WARNING,
        TREE,
        "a block is used both as a node and as a record",
        "A record has a `$type` and a node has none, so no honest block is both "
        "(atproto repository v3, MST Structure; Lexicon).",
        "It is shown in each place as what the link makes of it.",
    ),
    Rule(
        "KEY001",
        ERROR,
        TREE,
        "a key is empty",
        "A key is a collection, a slash and a record key (atproto repository v3, "
        "Repository Paths).",
        "It is listed as it is.",
    ),
    Rule(
        "KEY002",
        ERROR,
        TREE,
        "a key is not UTF-8",
        "A key is the UTF-8 of a path, which is ASCII even (atproto repository v3, "
        "Repository Paths).",
        "The bytes that are wrong are shown escaped.",
    ),
    Rule(
        "KEY003",
        ERROR,
        TREE,
        "a key is not two parts joined by a slash",
        "A key is a collection, one slash and a record key (atproto repository v3, "
        "Repository Paths).",
        "It is listed as it is.",
    ),
    Rule(
        "KEY004",
        ERROR,
        TREE,
        "a collection is not an NSID",
        "The first part of a path is an NSID: a domain in reverse and a name, three "
        "parts or more (atproto repository v3, Repository Paths; atproto NSID).",
        "It is listed as it is.",
    ),
    Rule(
        "KEY005",
        WARNING,
        TREE,
        "the domain part of a collection is not in lower case",
        "NSIDs in paths are normalized, which puts all but their name in lower case "
        "(atproto repository v3, Repository Paths; atproto NSID). Nothing refuses "
        "others so far, so it is an error in the strict profile only.",
        "It is listed as it is.",
    ),
    Rule(
        "KEY006",
        ERROR,
        TREE,
        "a record key has a character that none may have",
        "Record keys are made of letters, digits and `.`, `_`, `:`, `~`, `-` (atproto "
        "record key).",
        "It is listed as it is.",
    ),
    Rule(
        "KEY007",
        ERROR,
        TREE,
        "a record key is `.` or `..`",
        "These two are not record keys (atproto record key).",
        "It is listed as it is, and is never used as the name of a file.",
    ),
    Rule(
        "KEY008",
        ERROR,
        TREE,
        "a collection or record key is too long",
        "NSIDs have at most 317 characters, record keys 512 (atproto NSID; atproto "
        "record key).",
        "It is listed as it is.",
    ),
    Rule(
        "KEY010",
        WARNING,
        TREE,
        "a key is over 1,024 bytes",
        "A legal path ends at 830, and the reference implementation and indigo refuse "
        "more than 1,024 (atproto repository v3, Repository Paths).",
        "It is listed as it is.",
    ),
    Rule(
        "KEY011",
        INFO,
        TREE,
        "a key is over 256 bytes",
        "It is legal up to 830, but older readers refuse it (atproto repository v3, "
        "Repository Paths).",
        "It is listed as it is.",
    ),
    Rule(
        "KEY012",
        WARNING,
        TREE,
        "keys differ only in the case of their letters",
        "They are different keys (atproto record key), but many file systems take "
        "them for one.",
        "Both are listed. Of one collection, some 30,000 record keys with capital "
        "letters are compared.",
    ),
    Rule(
        "KEY013",
        WARNING,
        TREE,
        "a key holds control or direction characters",
        "Paths are made of plain ASCII characters (atproto repository v3, Repository "
        "Paths).",
        "They are shown escaped.",
    ),
    Rule(
        "KEY014",
        ERROR,
        TREE,
        "a key is over 4,096 bytes",
        "A legal path ends at 830 (atproto NSID; atproto record key). Keys far beyond "
        "could grow with the square of the node's size.",
        "The rest of the node is not read.",
    ),
    Rule(
        "KEY015",
        WARNING,
        TREE,
        "the domain part of a collection is over 253 characters",
        "That is the longest domain name there is (atproto NSID, Syntax). The "
        "specification's own examples have longer ones, so it is no error.",
        "It is listed as it is.",
    ),
    Rule(
        "REC001",
        ERROR,
        RECORD,
        "the record is no CBOR",
        "A record is an item of DAG-CBOR (atproto data model).",
        "Its bytes are shown.",
    ),
    Rule(
        "REC002",
        ERROR,
        RECORD,
        "the record is not a map",
        "A record is a map (atproto data model; Lexicon).",
        "Its value is shown.",
    ),
    Rule(
        "REC003",
        ERROR,
        RECORD,
        "the record has no `$type`",
        "Every record says what it is (Lexicon; atproto data model).",
        "It is shown as it is.",
    ),
    Rule(
        "REC004",
        ERROR,
        RECORD,
        "`$type` is not text, or empty",
        "`$type` is the NSID of the record's schema (Lexicon; atproto data model).",
        "It is shown as it is.",
    ),
    Rule(
        "REC005",
        ERROR,
        RECORD,
        "`$type` is not the collection",
        "The `$type` of a record is the collection in its path (IETF draft, Records). "
        "Hosts check it when a record is written.",
        "It is listed under its path. In the lenient profile it is a warning.",
    ),
    Rule(
        "REC006",
        WARNING,
        RECORD,
        "the record is over 1,000,000 bytes",
        "The network carries records up to that size (atproto sync).",
        "It is read.",
    ),
    Rule(
        "REC007",
        WARNING,
        RECORD,
        "a text holds control or direction characters",
        "Nothing forbids them, but on a screen they can change what is read.",
        "They are shown escaped.",
    ),
    Rule(
        "REC008",
        WARNING,
        RECORD,
        "a map has keys that are reserved",
        "Keys with a `$` in front are reserved, and `$link` and `$bytes` mean "
        "something else in JSON (atproto data model).",
        "They are kept as they are.",
    ),
    Rule(
        "REC009",
        WARNING,
        RECORD,
        "a link in the record is not of a form that atproto uses",
        "Links are version 1 CIDs with dag-cbor or raw and sha-256; for those inside "
        "records this is advice (atproto data model; atproto data validation guide).",
        "The link is kept as it is.",
    ),
    Rule(
        "REC010",
        WARNING,
        RECORD,
        "arrays and maps stand more than 32 deep in one another",
        "At most 32 are advised (atproto data validation guide).",
        "It is decoded.",
    ),
    Rule(
        "REC011",
        INFO,
        RECORD,
        "several keys share a record",
        "Records may be alike, and then are one block (atproto repository v3, MST "
        "Structure).",
        "It is listed under each key.",
    ),
    Rule(
        "ORD001",
        INFO,
        CONTAINER,
        "the blocks are not in the order of the walk",
        "The order to prefer is that of the walk: commit, top node, and then from "
        "left to right, each node and record where it is met first (atproto "
        "repository v3, CAR File Serialization). Hardly any host writes it.",
        "The file is read as a whole before the tree is walked.",
    ),
    Rule(
        "ORD002",
        INFO,
        CONTAINER,
        "the commit is not the first block",
        "The order to prefer begins with it (atproto repository v3, CAR File "
        "Serialization).",
        "It is found by its CID.",
    ),
    Rule(
        "ORD003",
        INFO,
        CONTAINER,
        "the order of the blocks",
        "Any order is legal (atproto repository v3, CAR File Serialization).",
        "The first that fits is named: preorder, nodes-first, cid-ascending, "
        "cid-descending or mixed.",
    ),
    Rule(
        "CV2001",
        INFO,
        CONTAINER,
        "the CAR stands in a CARv2",
        "A CARv2 is a CARv1 with a header in front and often an index behind (CARv2, "
        "Data payload). No atproto service writes it.",
        "The CARv1 in it is read.",
    ),
    Rule(
        "CV2002",
        FATAL,
        CONTAINER,
        "the CARv2 header is cut off, or its offsets lead nowhere",
        "Its 40 bytes say where data and index lie, the data behind the header and "
        "the index behind the data (CARv2, Header).",
        "A CAR that stands behind the header all the same is read, and this is an "
        "error then, 14. Without one nothing is read; an index is not needed.",
    ),
    Rule(
        "CV2003",
        WARNING,
        CONTAINER,
        "the CARv2 data should go on past the end of the file",
        "Data and index lie inside the file (CARv2, Header).",
        "The data is read up to the end of the file.",
    ),
    Rule(
        "CV2004",
        WARNING,
        CONTAINER,
        "the CARv2 header sets bits that mean nothing",
        "One bit is defined, for a full index, and the rest are zero (CARv2, "
        "Characteristics).",
        "They are left aside.",
    ),
    Rule(
        "CV2005",
        INFO,
        CONTAINER,
        "the CARv2 has an index",
        "An index could say anything about a file that is not trusted (CARv2, Index "
        "payload).",
        "It is not used.",
    ),
    Rule(
        "CV2006",
        ERROR,
        CONTAINER,
        "the CAR in the CARv2 is not of version 1",
        "The data of a CARv2 is a CARv1 (CARv2, Data payload).",
        "Nothing of it is read.",
    ),
    Rule(
        "CV2007",
        INFO,
        CONTAINER,
        "bytes of the CARv2 are in none of its parts",
        "Padding before the data and the index is legal (CARv2, Header).",
        "They are passed by.",
    ),
    Rule(
        "FRM001",
        FATAL,
        CONTAINER,
        "the frame cannot be read",
        "A frame is two DAG-CBOR maps, header and payload, one behind the other "
        "(atproto Event Stream, Framing).",
        "Nothing of it is used. Without its end, what follows is not known either.",
    ),
    Rule(
        "FRM002",
        ERROR,
        CONTAINER,
        "the frame is cut off or broken",
        "A frame ends where its payload does, a DAG-CBOR map (atproto Event Stream, "
        "Framing).",
        "The fields before are used, and of the CAR what there is of it. Nothing "
        "behind it is read.",
    ),
    Rule(
        "FRM003",
        ERROR,
        CONTAINER,
        "a field of the frame is missing",
        "Each type of event has fields that must be there "
        "(com.atproto.sync.subscribeRepos). Without `blocks` there is no repository, "
        "which is fatal; fields that are of no use any more are warnings.",
        "What depends on it is not told.",
    ),
    Rule(
        "FRM004",
        ERROR,
        CONTAINER,
        "a field of the frame is not what it must be",
        "Each field has a type, and an operation's fields go together: what is "
        "created has no `prev`, what is deleted no `cid` "
        "(com.atproto.sync.subscribeRepos).",
        "It is taken as missing.",
    ),
    Rule(
        "FRM005",
        INFO,
        CONTAINER,
        "the frame has fields of its own",
        "Readers leave fields aside that they do not know (atproto Lexicon).",
        "They are named and left aside.",
    ),
    Rule(
        "FRM006",
        WARNING,
        CONTAINER,
        "the frame is over a limit of the event stream",
        "A frame has at most 5 MB, the blocks of a commit 2 MB, those of a #sync "
        "event 10 KB, and a commit 200 operations (atproto Sync, Firehose).",
        "It is read all the same, up to 16 MiB and 1,000 operations.",
    ),
    Rule(
        "FRM007",
        INFO,
        CONTAINER,
        "the event is of no known type",
        "Readers leave messages aside whose `op` or `t` they do not know (atproto "
        "Event Stream, Framing).",
        "Its fields are left aside.",
    ),
    Rule(
        "FRM008",
        ERROR,
        CONTAINER,
        "bytes behind the frame are no frame",
        "In a saved stream one frame follows another.",
        "They are left unread.",
    ),
    Rule(
        "FRM009",
        WARNING,
        CONTAINER,
        "the frame is not canonical",
        "Header and payload are DAG-CBOR, in which each value has one encoding "
        "(atproto Event Stream, Framing).",
        "What it says is used.",
    ),
    Rule(
        "FRM010",
        ERROR,
        TREE,
        "the frame says something else than its commit",
        "The `repo` of a frame is the commit's `did`, its `rev` the commit's, its "
        "`commit` the root of the CAR; `since` is an earlier rev (atproto Sync, "
        "Firehose).",
        "What the commit says is used.",
    ),
    Rule(
        "FRM011",
        ERROR,
        TREE,
        "the tree contradicts an operation",
        "What a commit created or updated stands in its tree, with the CID that the "
        "operation has; what it deleted does not (atproto Sync, Firehose).",
        "The tree is shown as it is.",
    ),
    Rule(
        "FRM012",
        ERROR,
        MISSING,
        "nothing can be told of an operation",
        "The blocks of a commit have the records that it created or updated, and "
        "the nodes on the way to each path (atproto Sync, Firehose).",
        "The block that is missing is named. The operation may be right.",
    ),
    Rule(
        "FRM013",
        ERROR,
        TREE,
        "undoing the operations does not give the tree before",
        "With each operation undone, the top node of the tree is `prevData`: so the "
        "operations are all that changed (atproto Sync, Inductive Firehose).",
        "Each step is shown with the top node that it gives.",
    ),
    Rule(
        "FRM014",
        ERROR,
        MISSING,
        "an operation cannot be undone",
        "An operation that updates or deletes has `prev`, and the blocks of a commit "
        "have all nodes that undoing it opens (atproto Sync, Inductive Firehose).",
        "The other operations are undone.",
    ),
    Rule(
        "FRM015",
        INFO,
        TREE,
        "the event does not say what the tree was before",
        "Events have `prevData` since 2025 (atproto Sync, Inductive Firehose).",
        "The operations are compared with the tree as it is now only.",
    ),
    Rule(
        "FRM016",
        ERROR,
        CONTAINER,
        "several operations are of one path",
        "A commit has at most one operation a path (atproto Sync, Firehose).",
        "The last one is compared with the tree.",
    ),
    Rule(
        "FRM017",
        INFO,
        CONTAINER,
        "another frame follows",
        "In a saved stream one frame follows another.",
        "The first is opened, or the one that was asked for.",
    ),
    Rule(
        "LIM001",
        ERROR,
        MISSING,
        "a limit ended the reading",
        "repoview bounds what a file may take of the machine; nothing says that the "
        "file is wrong.",
        "What was read until then is shown, and completeness is not judged.",
    ),
    Rule(
        "LIM002",
        INFO,
        MISSING,
        "more findings of a code are not shown",
        "At most 100 findings of a code are kept, or as many as `--max-findings` says: "
        "the rest would say the same.",
        "They are counted.",
    ),
)

CATALOGUE: Final[dict[str, Rule]] = {rule.code: rule for rule in _RULES}
"""All rules by code, family by family."""
