"""The specifications that rules come from, and where to read them.

A rule cites its specification by name and section; the words are ours. A
section has an address of its own where its page has an anchor for it.
"""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Final, NamedTuple

from repoview.core.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Mapping


class Citation(NamedTuple):
    """A place in a specification."""

    name: str
    """Of the specification."""

    section: str
    """Its heading; "" for all of the document."""

    url: str
    """The address of the section, or else of the document."""

    def __str__(self) -> str:
        """Return name and section."""
        return f"{self.name}, {self.section}" if self.section else self.name


@frozen
class Spec:
    """One specification."""

    name: str
    url: str
    anchors: Mapping[str, str] = field(default_factory=dict)
    """Section → its anchor on the page, for those that have one."""

    def at(self, section: str = "") -> Citation:
        """Cite a section, or all of it."""
        anchor = self.anchors.get(section)
        url = f"{self.url}#{anchor}" if anchor else self.url
        return Citation(self.name, section, url)


REPO: Final = Spec(
    "atproto repository v3",
    "https://atproto.com/specs/repository",
    {
        "Commit Objects": "commit-objects",
        "MST Structure": "mst-structure",
        "CID Formats": "cid-formats",
        "CAR File Serialization": "car-file-serialization",
        "Repository Paths": "repository-paths",
        "Security Considerations": "security-considerations",
    },
)
DATA: Final = Spec(
    "atproto data model",
    "https://atproto.com/specs/data-model",
    {"Data Types": "data-types"},
)
CRYPTO: Final = Spec(
    "atproto cryptography",
    "https://atproto.com/specs/cryptography",
    {"ECDSA Signature Malleability": "ecdsa-signature-malleability"},
)
TID: Final = Spec("atproto TID", "https://atproto.com/specs/tid")
RKEY: Final = Spec(
    "atproto record key",
    "https://atproto.com/specs/record-key",
    {"Record Key Syntax": "record-key-syntax"},
)
NSID: Final = Spec(
    "atproto NSID", "https://atproto.com/specs/nsid", {"NSID Syntax": "nsid-syntax"}
)
DID: Final = Spec(
    "atproto DID",
    "https://atproto.com/specs/did",
    {
        "Blessed DID Methods": "blessed-did-methods",
        "Representation of Public Keys": "representation-of-public-keys",
    },
)
BLOB: Final = Spec(
    "atproto blob",
    "https://atproto.com/specs/blob",
    {"Blob Metadata": "blob-metadata"},
)
LEXICON: Final = Spec("Lexicon", "https://atproto.com/specs/lexicon")
SYNC: Final = Spec("atproto sync", "https://atproto.com/specs/sync")
STREAM: Final = Spec(
    "atproto event stream",
    "https://atproto.com/specs/event-stream",
    {"Framing": "framing"},
)
EVENTS: Final = Spec(
    "com.atproto.sync.subscribeRepos",
    "https://github.com/bluesky-social/atproto/blob/main/lexicons/com/atproto/sync/subscribeRepos.json",
)
GUIDE: Final = Spec(
    "atproto data validation guide",
    "https://atproto.com/guides/data-validation",
    {
        "Recommended Data Limits": "recommended-data-limits",
        "Validation Without Schema": "validation-without-schema",
    },
)
SPACES: Final = Spec(
    "atproto proposal 0016, Permissioned Data",
    "https://github.com/bluesky-social/proposals/tree/main/0016-permissioned-data",
)
IETF: Final = Spec(
    "IETF draft",
    "https://datatracker.ietf.org/doc/draft-holmgren-at-repository/",
)
CARV1: Final = Spec(
    "CARv1",
    "https://ipld.io/specs/transport/car/carv1/",
    {"Header": "header", "Data": "data"},
)
CARV2: Final = Spec("CARv2", "https://ipld.io/specs/transport/car/carv2/")
DASL_CAR: Final = Spec("DASL CAR", "https://dasl.ing/car.html")
DAG_CBOR: Final = Spec(
    "DAG-CBOR",
    "https://ipld.io/specs/codecs/dag-cbor/spec/",
    {"Strictness": "strictness", "Links": "links", "Map Keys": "map-keys"},
)
DRISL: Final = Spec("DRISL", "https://dasl.ing/drisl.html")
CBOR: Final = Spec(
    "RFC 8949",
    "https://www.rfc-editor.org/rfc/rfc8949.html",
    {
        "Specification of the CBOR Encoding": "section-3",
        "Major Types": "section-3.1",
    },
)
CID: Final = Spec("CID", "https://github.com/multiformats/cid")
VARINT: Final = Spec(
    "unsigned varint", "https://github.com/multiformats/unsigned-varint"
)
SEC1: Final = Spec("SEC 1", "https://www.secg.org/sec1-v2.pdf")
