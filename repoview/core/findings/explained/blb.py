"""The codes BLB, explained."""

from __future__ import annotations

from typing import Final

from repoview.core.findings.explained.explanation import Explanation
from repoview.core.findings.explained.readers import Readers

EXPLAINED: Final = {
    "BLB001": Explanation(
        why=(
            "Hosts keep a blob only as long as a record refers to it, and find "
            "references by this form. What they do not recognize may be deleted."
        ),
        cause=(
            "A program that writes the JSON form of a reference (`ref` as `$link` or "
            "as text), leaves a field out or adds one, or writes `size` as text."
        ),
        fix=(
            "Put the `blob` that com.atproto.repo.uploadBlob answers into the record "
            "as it is. If you encode the record yourself, turn its `$link` into a link."
        ),
        readers=Readers("TSB"),
    ),
    "BLB002": Explanation(
        why=(
            "A blob is fetched by its CID, and checked by hashing it. It is plain "
            "bytes, so its codec is raw; with another, what was uploaded is not found."
        ),
        cause="A CID of IPFS, or one that was made with the dag-cbor codec.",
        fix=(
            "Hash the bytes of the blob, and name them by a raw CID: 01 55 12 20 and "
            "32 bytes of digest."
        ),
        readers=Readers(
            "TSB",
            note="It does so when it is strict.",
        ),
    ),
    "BLB003": Explanation(
        why=(
            "Readers decide by the size whether to fetch it, and a fetch that ends "
            "with another number of bytes is not whole. A size of 0 or less tells them "
            "nothing."
        ),
        cause=(
            "A reference of the older form that was turned into the newer one, and got "
            "a size of -1 or 0; or an empty upload."
        ),
        fix="Never write the stand-in for a size that is not known.",
        readers=Readers(),
    ),
    "BLB004": Explanation(
        why=(
            "Records cannot be rewritten without changing their CIDs, so the old form "
            "stays in the network. Readers that know only the newer one lose those "
            "images."
        ),
        cause="A record from before the newer form.",
        fix="Read both forms, and write the newer one.",
        readers=Readers("TSB"),
    ),
    "BLB005": Explanation(
        why=(
            "What is served is shown by this type. A browser that has to guess may "
            "take an image for a page, and run what is in it."
        ),
        cause=(
            "An upload without a content type, or the extension of a file in its place."
        ),
        fix="Write application/octet-stream if it is not known.",
        readers=Readers("TSB"),
    ),
}
