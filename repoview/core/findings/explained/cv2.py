"""The codes CV2, explained."""

from __future__ import annotations

from typing import Final

from repoview.core.findings.explained.explanation import Explanation
from repoview.core.findings.explained.readers import Readers

EXPLAINED: Final = {
    "CV2001": Explanation(
        why=(
            "Services and readers of atproto expect a CARv1, and most refuse the "
            "wrapper. It adds nothing that a reader may rely on."
        ),
        cause="A tool of IPFS or Filecoin that wrote the file again, with an index.",
        fix="Write CARv1.",
        readers=Readers("GC"),
    ),
    "CV2002": Explanation(
        why=(
            "These numbers are the only way to the data. If they overlap or lead "
            "outside, readers take the index for blocks, or see other blocks than "
            "others do."
        ),
        cause=(
            "A writer that fills in the header last, and was ended before; or a file "
            "that was cut."
        ),
        fix=(
            "Fill in the header before you close the file, and check the offsets when "
            "you read it."
        ),
        readers=Readers("GC*"),
    ),
    "CV2003": Explanation(
        why=(
            "Offsets beyond the end mean that something is lost, and a reader that "
            "maps the file into memory may crash there."
        ),
        cause="A download or copy that stopped early.",
        fix="Write to a temporary file and rename it when it is complete.",
        readers=Readers(
            "GC*",
            note="go-car does so when it verifies the file.",
        ),
    ),
    "CV2004": Explanation(
        why=(
            "Bits that have no meaning yet may get one. Where they were ignored, an "
            "old reader would misread a newer file in silence."
        ),
        cause="A writer that uses bits of its own, or a damaged header.",
        fix="Write zero.",
        readers=Readers(),
    ),
    "CV2005": Explanation(
        why=(
            "It is not covered by any hash. An index that leads to other blocks than "
            "the data has would have two readers see two repositories."
        ),
        cause="A tool that writes an index, so that single blocks are found fast.",
        fix="Make your own index of a file that is not yours.",
        readers=Readers(),
    ),
    "CV2006": Explanation(
        why=(
            "Wrappers within wrappers would have no bound, and each reader would stop "
            "at another."
        ),
        cause="A CARv2 that was wrapped again, or a damaged header.",
        fix="Wrap a CARv1 only.",
        readers=Readers("GC*"),
    ),
    "CV2007": Explanation(
        why=(
            "Data that begins at a full page can be mapped or read faster. Who needs "
            "to find it goes by the offset, so the bytes between mean nothing."
        ),
        cause="A writer that aligns the parts of the file.",
        fix="There is nothing to do.",
        readers=Readers(
            "GC*",
            note="go-car does so when it verifies the file.",
        ),
    ),
}
