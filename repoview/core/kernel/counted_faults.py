"""Which faults the kernel only counts, once a hundred of their code are listed.

A hostile file may have a million. A record or key that has no other faults
needs no more findings: the kernel skips it, and counts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from repoview.core.findings.findings import bare
from repoview.core.kernel.seam import CountedFault

if TYPE_CHECKING:
    from array import array

    from repoview.core.findings.findings import Finding, Findings

COUNTED: Final = {
    "CBR003": CountedFault.LONG_HEAD,
    "CBR009": CountedFault.TAG,
    "CBR010": CountedFault.LINK,
    "REC009": CountedFault.ODD_LINK,
    "CBR011": CountedFault.FLOAT,
    "CBR012": CountedFault.ODD_FLOAT,
    "CBR013": CountedFault.SIMPLE,
    "CBR016": CountedFault.LARGE_INT,
    "CBR015": CountedFault.HUGE_INT,
    "CBR014": CountedFault.NOT_UTF8,
    "REC007": CountedFault.CONTROL,
    "CBR020": CountedFault.EMPTY_KEY,
    "REC008": CountedFault.RESERVED_KEY,
    "CBR008": CountedFault.KEY_ORDER,
    "CBR007": CountedFault.SAME_KEY,
    "CBR002": CountedFault.TAIL,
    "REC003": CountedFault.NO_TYPE,
    "REC005": CountedFault.OTHER_TYPE,
    "CBR004": CountedFault.NO_LENGTH,
    "BLB001": CountedFault.BLOB_SHAPE,
    "BLB002": CountedFault.BLOB_CID,
    "BLB003": CountedFault.BLOB_SIZE,
    "BLB004": CountedFault.BLOB_LEGACY,
    "BLB005": CountedFault.BLOB_MEDIA_TYPE,
    "BLK001": CountedFault.DAMAGED,
    "KEY006": CountedFault.KEY_CHARACTER,
    "KEY011": CountedFault.LONG_KEY,
}
"""By code: what a kernel may count."""

OF_KEYS: Final = ("KEY006", "KEY011")


def counted(findings: Findings, found: Finding) -> int:
    """Return the bit of a fault that need only be counted; 0 for another one.

    Args:
        findings: All there are so far.
        found: One of this fault.
    """
    fault = COUNTED.get(found.code)
    return 0 if fault is None or not findings.has_enough(found) else 1 << fault


def add_counted(findings: Findings, faults: array[int]) -> None:
    """Add what the kernel counted, by `CountedFault`."""
    if not any(faults):
        return
    for code, fault in COUNTED.items():
        if count := faults[fault]:
            findings.count_more(bare(code), count)
