"""Each code explained: why there is a rule, how it is broken, by whom seen, what helps.

Kept apart from the catalogue, which every command loads: these texts are for
those who ask, and for the pages made of them. A module has a family of codes,
as in the catalogue.
"""

from __future__ import annotations

from typing import Final

from repoview.core.findings.explained import (
    blb,
    blk,
    car_header,
    car_sections,
    cbr,
    cid,
    com,
    cv2,
    frm,
    key,
    lim,
    mst,
    order,
    rec,
    sig,
    spc,
)
from repoview.core.findings.explained.explanation import Explanation

__all__ = ["EXPLAINED", "Explanation"]

EXPLAINED: Final[dict[str, Explanation]] = {
    **car_header.EXPLAINED,
    **car_sections.EXPLAINED,
    **cid.EXPLAINED,
    **blk.EXPLAINED,
    **cbr.EXPLAINED,
    **com.EXPLAINED,
    **sig.EXPLAINED,
    **mst.EXPLAINED,
    **key.EXPLAINED,
    **rec.EXPLAINED,
    **blb.EXPLAINED,
    **order.EXPLAINED,
    **cv2.EXPLAINED,
    **frm.EXPLAINED,
    **spc.EXPLAINED,
    **lim.EXPLAINED,
}
"""Code → its explanation, for each code of the catalogue."""
