"""What every finding of a code tells beside its message: a table.

`offset` is that of the section, or of the byte in what surrounds the blocks;
`block_offset` that of the byte in a block, where a rule is about one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from repoview.core.findings.findings import Finding

FIELDS: Final = ("offset", "block_offset", "cid", "path", "expected", "found")

_TABLE: Final = {
    "offset block_offset cid path expected found": (
        "BLB001 BLB002 BLB003 BLB004 BLB005 KEY002 KEY003 KEY004 KEY005 KEY006 "
        "KEY008 KEY010 KEY011 KEY013 KEY015 MST008 REC004 REC005 REC007 REC008 "
        "REC009 REC010"
    ),
    "offset block_offset cid path found": ("KEY007 MST009 MST010 MST014 MST018"),
    "offset block_offset cid path": ("KEY001"),
    "offset block_offset cid expected found": (
        "CBR001 CBR002 CBR003 CBR004 CBR005 CBR006 CBR007 CBR008 CBR009 CBR010 "
        "CBR011 CBR012 CBR013 CBR014 CBR015 CBR016 CBR017 CBR018 CBR019 CBR020 "
        "CBR021 CID008 CID009 COM004 COM005 COM009 MST004 MST005 MST006 MST007 "
        "SIG004"
    ),
    "offset block_offset cid expected": ("KEY014 MST003 MST020"),
    "offset block_offset cid found": (
        "COM007 COM008 COM010 COM011 COM012 COM013 MST002 SIG003"
    ),
    "offset block_offset cid": ("MST019 SIG008"),
    "offset cid path expected found": ("REC002 REC006"),
    "offset cid path expected": ("REC003"),
    "offset cid path found": ("KEY012"),
    "offset cid path": ("BLK009 FRM012 REC001"),
    "offset cid expected found": (
        "BLK006 BLK007 CAR024 COM015 COM018 MST011 MST012 SIG006"
    ),
    "offset cid expected": ("COM003 COM006 SIG002"),
    "offset cid found": ("SIG007 SIG009"),
    "offset cid": (
        "BLK001 BLK003 BLK008 BLK012 CAR016 CAR020 CID002 CID003 CID004 CID005 "
        "CID006 COM002 COM016 MST013 MST015 MST016 MST017 MST022 MST025 ORD001 "
        "ORD002 REC011 SIG005 SPC001"
    ),
    "offset path expected": ("FRM011"),
    "offset path": ("FRM014 FRM016"),
    "offset expected found": (
        "CAR004 CAR005 CAR009 CAR018 CAR021 CAR022 CAR023 CV2006 FRM006 FRM009 "
        "FRM010 FRM013"
    ),
    "offset expected": ("CAR010 CAR015"),
    "offset found": ("CAR032 CV2004 FRM004 FRM007"),
    "offset": (
        "CAR001 CAR002 CAR003 CAR006 CAR007 CAR011 CAR012 CAR013 CAR014 CAR017 "
        "CAR019 CAR025 CAR026 CAR027 CAR028 CAR029 CAR030 CAR033 "
        "CID001 CV2001 CV2002 CV2003 CV2005 CV2007 FRM001 FRM002 FRM003 FRM005 "
        "FRM008 FRM015 FRM017"
    ),
    "expected found": ("BLK005"),
    "found": ("LIM002 ORD003"),
    "": ("BLK002 BLK004 BLK010 BLK011 COM001 COM017 LIM001 MST001"),
}
"""Fields → codes whose findings always have them; they may have others."""

TOLD: Final = {
    code: frozenset(fields.split())
    for fields, codes in _TABLE.items()
    for code in codes.split()
}
"""By code: the fields that its findings always have."""


def told(found: Finding) -> set[str]:
    """Return the fields that a finding has."""
    return {name for name in FIELDS if getattr(found, name) is not None}
