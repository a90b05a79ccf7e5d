"""Every code of a finding: its rule, severity, scope, source and recovery.

Codes and ids are a contract: once published, they are never renumbered or used
again. A rule cites its specification by name; the words are ours. What is
special to one finding, with its numbers, is in its message. How a fault comes
about, what other readers do and what to do about it is in `explained`, which
only those load who ask for it.

There is no CBR022 (bytes that encoding again does not reproduce): strict
decoding leaves nothing for it to find.
"""

from __future__ import annotations

from typing import Final

from repoview.core.findings.catalogue import (
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
from repoview.core.findings.catalogue.rule import (
    GRAVEST_FIRST,
    Rule,
    Scope,
    Severity,
    gravest_first,
)
from repoview.core.findings.catalogue.specs import Citation

__all__ = [
    "CATALOGUE",
    "FAMILIES",
    "GRAVEST_FIRST",
    "NOT_USED",
    "Citation",
    "Rule",
    "Scope",
    "Severity",
    "gravest_first",
]

CATALOGUE: Final[dict[str, Rule]] = {
    rule.code: rule
    for family in (
        car_header,
        car_sections,
        cid,
        blk,
        cbr,
        com,
        sig,
        mst,
        key,
        rec,
        blb,
        order,
        cv2,
        frm,
        spc,
        lim,
    )
    for rule in family.RULES
}
"""All rules by code, family by family."""

FAMILIES: Final = {
    "CAR": "the container",
    "CID": "identifiers",
    "BLK": "blocks",
    "CBR": "encoding",
    "COM": "the commit",
    "SIG": "the signature",
    "MST": "the tree",
    "KEY": "keys",
    "REC": "records",
    "BLB": "references to blobs",
    "ORD": "order",
    "CV2": "the CARv2 wrapper",
    "FRM": "frames of the event stream",
    "SPC": "permissioned spaces",
    "LIM": "limits",
}
"""The letters that codes of a family begin with → what it is about."""

NOT_USED: Final = {
    "CBR022": (
        "it was meant for bytes that encoding again does not reproduce, and strict "
        "decoding leaves none: each way to differ has a code of its own, CBR002 to "
        "CBR020"
    ),
}
"""Codes that nothing reports, and why."""
