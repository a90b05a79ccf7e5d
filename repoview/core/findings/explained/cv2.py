"""The codes CV2, explained."""

from __future__ import annotations

from typing import Final

from repoview.core.findings.explained.explanation import Explanation
from repoview.core.findings.explained.readers import Readers

EXPLAINED: Final = {
    "CV2001": Explanation(
        cause="A tool of IPFS or Filecoin that wrote the file again, with an index.",
        fix="Write CARv1.",
        readers=Readers("GC"),
    ),
    "CV2002": Explanation(
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
        cause="A download or copy that stopped early.",
        fix="Write to a temporary file and rename it when it is complete.",
        readers=Readers(
            "GC*",
            note="go-car does so when it verifies the file.",
        ),
    ),
    "CV2004": Explanation(
        cause="A writer that uses bits of its own, or a damaged header.",
        fix="Write zero.",
        readers=Readers(),
    ),
    "CV2005": Explanation(
        cause="A tool that writes an index, so that single blocks are found fast.",
        fix="Make your own index of a file that is not yours.",
        readers=Readers(),
    ),
    "CV2006": Explanation(
        cause="A CARv2 that was wrapped again, or a damaged header.",
        fix="Wrap a CARv1 only.",
        readers=Readers("GC*"),
    ),
    "CV2007": Explanation(
        cause="A writer that aligns the parts of the file.",
        fix="There is nothing to do.",
        readers=Readers(
            "GC*",
            note="go-car does so when it verifies the file.",
        ),
    ),
}
