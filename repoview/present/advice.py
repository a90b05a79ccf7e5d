"""What the reader of a file can do about a finding, by the family of its code.

The catalogue has the rule and what repoview does; this has what a person can do
who has the file, but did not write it.
"""

from __future__ import annotations

from shlex import quote
from typing import TYPE_CHECKING, Final

from repoview.core.findings.findings import Scope, Severity
from repoview.present.text import safe

if TYPE_CHECKING:
    from repoview.core.findings.findings import Finding
    from repoview.core.verify.report import Report

_AGAIN: Final = (
    "Fetch the repository again: it was damaged or cut on the way here. If the same "
    "comes again, the server has it so."
)
_SAVE: Final = (
    "Fetch the repository again: it was damaged or cut on the way here. If the same "
    "comes again, the server has it so. repoview salvage saves what is left of it."
)
_WHOLE: Final = (
    "Ask the server for all of it (com.atproto.sync.getRepo without `since`). If it is "
    "a part on purpose, open it with --expect slice."
)
_LIMIT: Final = (
    "Open it with a higher limit (--mem-limit, --disk-limit, --max-seconds), and the "
    "rest is read too."
)
_WASTE: Final = (
    "No harm is done. repoview export --format car writes a file without it, with the "
    "same records and the same commit."
)
_HIDDEN: Final = (
    "What is missing or damaged would link to them. Fetch the repository again; a file "
    "that export writes has no place for them."
)
_RECORD: Final = (
    "Only this record is concerned; all others stand. The app that wrote it should "
    "write it again."
)
_TREE: Final = (
    "Other readers may refuse this repository, or see other records in it. Tell "
    "whoever runs its server, with this code and place; the records here can be saved "
    "with repoview export."
)
_COMMIT: Final = (
    "Do not take it for proven whose records these are, and of when. Fetch the "
    "repository again from the account's own server."
)
_OTHER_ACCOUNT: Final = (
    "It is the repository of another account: fetch that of the account you want."
)
_OTHER_STATE: Final = (
    "It is another state of the repository. Fetch it again, from the account's own "
    "server and not from a mirror."
)
_FUTURE: Final = (
    "See whether the clock of this machine is right. If it is, tell whoever runs the "
    "account's server: relays leave such commits aside."
)
_METHOD: Final = (
    "Nothing, if the account is meant to be of that method; other readers may not find "
    "its key."
)
_OTHER_KEY: Final = (
    "See whether the key is that of the account, and of the time of this file: it may "
    "have changed. Else fetch the repository again from the account's own server."
)
_DOCUMENT: Final = (
    "Give the DID document of the account that the commit names: the PLC directory has "
    "it, or for did:web the account's domain."
)
_SIGN_ANEW: Final = (
    "Other readers may refuse this repository. Tell whoever runs the account's server, "
    "which should sign it anew."
)
_KEY_OF_RECORD: Final = (
    "Other readers may refuse the repository for this key, or leave its record out. "
    "The app that wrote it should delete the record, and write it under another key."
)
_FILE_NAMES: Final = (
    "Nothing, unless records are written to files: names that differ only so may take "
    "each other's place."
)
_LARGE: Final = (
    "It is read here. Other readers may refuse it: tell whoever runs its server, with "
    "this code and place."
)
_NOT_A_CAR: Final = "See whether it is the right file, and whether all of it came."
_NO_HEADER: Final = (
    f"{_NOT_A_CAR} If it is a CAR, repoview salvage saves the blocks that are left."
)
_FRAMING: Final = (
    "The records that could be read are right by themselves. Fetch the file again, or "
    "write it anew with repoview export --format car."
)
_TWO: Final = (
    "Cut the file in two at that byte, and open each part by itself. The first is "
    "what is shown here."
)
_HEADER: Final = (
    "The repository is whole, only the header names something else. repoview export "
    "--format car writes a file that begins with its commit."
)
_EVENT: Final = (
    "Whoever reads the event stream would refuse this event and fetch the whole "
    "repository (com.atproto.sync.getRepo). Tell whoever runs its server."
)
_EVENT_FIELDS: Final = (
    "What could be read of it is right by itself. If it was saved by a program, see "
    "whether that saves all bytes; else tell whoever runs the server."
)
_KEY: Final = (
    "Give the account's key (--key) or its DID document (--did-doc), and the signature "
    "is checked: the PLC directory has the document, or for did:web the account's "
    "domain."
)
_SKIPPED: Final = (
    "What was skipped is lost from this file. Fetch it again: if the same comes again, "
    "the server has it so."
)
_SPACE: Final = (
    "It is no repository: open it with a program that knows permissioned data."
)
_NOTHING: Final = "Nothing: it is only worth knowing."

_HEADER_LOST: Final = (
    "CAR002",
    "CAR003",
    "CAR005",
    "CAR006",
    "CAR007",
    "CAR009",
    "CV2002",
)
"""Nothing behind such a header is read, though blocks may be there."""

_FRAMING_LOST: Final = ("CAR021", "CAR023", "CAR026", "CAR027", "CAR028", "CID001")
"""Blocks may be left behind such a section."""

_BY_CODE: Final = (
    (("LIM001",), _LIMIT),
    (("LIM002",), "Look at those that are shown: the rest are of their kind."),
    (("BLK001", "BLK003"), _AGAIN),
    (("BLK002", "BLK004", "BLK005", "BLK011", "COM017"), _WASTE),
    (("BLK008", "BLK009", "BLK010", "CAR020", "CAR029"), _WHOLE),
    (("CAR032",), _SKIPPED),
    (("CAR033",), _TWO),
    (("SPC001",), _SPACE),
    (("FRM010", "FRM011", "FRM012", "FRM013", "FRM014"), _EVENT),
    (("FRM015",), "Nothing: events of that time are so."),
    (("FRM017",), "Choose one with --frame; repoview verify reports them all."),
    (("FRM002", "FRM003", "FRM004", "FRM008", "FRM009", "FRM016"), _EVENT_FIELDS),
    (("BLK006", "BLK007"), _LARGE),
    (("COM001",), _WHOLE),
    (("COM009",), _METHOD),
    (("COM011",), _FUTURE),
    (("COM015",), _OTHER_ACCOUNT),
    (("COM018",), _OTHER_STATE),
    (("COM003", "COM004", "COM006", "COM008"), _SIGN_ANEW),
    (("COM010", "COM013", "COM016"), _SIGN_ANEW),
    (("KEY012",), _FILE_NAMES),
    (("SIG001",), _KEY),
    (("SIG002",), _OTHER_KEY),
    (("SIG003", "SIG004", "SIG008", "SIG009"), _SIGN_ANEW),
    (("SIG005", "SIG006"), _DOCUMENT),
    (_HEADER_LOST, _NO_HEADER),
    (_FRAMING_LOST, _SAVE),
    (("CV2003",), _AGAIN),
)
"""Codes or prefixes of codes, and what can be done; the first match counts."""

_DAMAGED: Final = frozenset((*_HEADER_LOST, *_FRAMING_LOST, "CAR032", "BLK001"))

_UNLINKED: Final = ("BLK004", "BLK005", "BLK011")

_BY_FAMILY: Final = (
    (("COM",), _COMMIT),
    (("CAR", "CID", "BLK", "ORD", "CV2"), _FRAMING),
    (("FRM",), _EVENT_FIELDS),
    (("KEY",), _KEY_OF_RECORD),
    (("REC", "BLB"), _RECORD),
    (("MST", "CBR"), _TREE),
)


def advice_text(found: Finding) -> str:
    """Return what the reader of the file can do about a finding."""
    if found.code in {"CAR020", "COM002"} and found.scope is Scope.CONTAINER:
        return _HEADER
    if found.code in _UNLINKED and found.caused_by is not None:
        return _HIDDEN
    for codes, text in _BY_CODE:
        if found.code.startswith(codes):
            return text
    if found.severity is Severity.INFO:
        return _NOTHING
    if found.severity is Severity.FATAL and found.scope is Scope.CONTAINER:
        return _NOT_A_CAR
    if found.scope is Scope.MISSING:
        return _WHOLE
    if found.scope is Scope.RECORD:
        return _RECORD
    return next(
        (text for codes, text in _BY_FAMILY if found.code.startswith(codes)), _TREE
    )


def salvage_text(report: Report) -> str | None:
    """Return the command that tells what can be saved of a damaged file.

    None where nothing says that bytes were damaged or lost on the way.
    """
    codes = {found.code for found in report.findings}
    if report.frame is not None or codes.isdisjoint(_DAMAGED):
        return None
    return f"What can be saved: repoview salvage {source_word(report.source)}"


def source_word(source: str) -> str:
    """Return a source as a shell takes it; "FILE" for what no terminal may have."""
    return "FILE" if source == "-" or safe(source, 400) != source else quote(source)
