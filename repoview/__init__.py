"""Explore, verify and export AT Protocol repositories.

::

    import repoview

    with repoview.open("repo.car") as repo:
        print(repo.commit.did, repo.verdict)
        for record in repo.records("app.bsky.feed.post"):
            print(record.path, record.value["text"])

`open` insists on a readable CAR; ``Repo.load`` reads anything and tells what
is wrong with it in ``repo.report``; `salvage` finds what is left of a broken one.
Names are loaded when first used, so that importing this package costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from repoview import export as export
    from repoview import fleet as fleet
    from repoview import trees as trees
    from repoview.async_stream import AsyncStream as AsyncStream
    from repoview.async_stream import stream_async as stream_async
    from repoview.core.cid import Cid as Cid
    from repoview.core.errors import BlockMissing as BlockMissing
    from repoview.core.errors import Cancelled as Cancelled
    from repoview.core.errors import CarError as CarError
    from repoview.core.errors import CidError as CidError
    from repoview.core.errors import FormatError as FormatError
    from repoview.core.errors import KernelFault as KernelFault
    from repoview.core.errors import LimitExceeded as LimitExceeded
    from repoview.core.errors import NotFound as NotFound
    from repoview.core.errors import RepoviewError as RepoviewError
    from repoview.core.errors import SelectionError as SelectionError
    from repoview.core.errors import SigningKeyError as SigningKeyError
    from repoview.core.errors import SourceError as SourceError
    from repoview.core.findings.catalogue import CATALOGUE as CATALOGUE
    from repoview.core.findings.catalogue import Citation as Citation
    from repoview.core.findings.catalogue import Rule as Rule
    from repoview.core.findings.catalogue import Scope as Scope
    from repoview.core.findings.findings import Cause as Cause
    from repoview.core.findings.findings import Finding as Finding
    from repoview.core.findings.findings import Severity as Severity
    from repoview.core.findings.policy import Changes as Changes
    from repoview.core.findings.policy import Policy as Policy
    from repoview.core.findings.policy import Profile as Profile
    from repoview.core.formats.commit import Commit as Commit
    from repoview.core.formats.dagcbor.rules import Value as Value
    from repoview.core.formats.frames.frame import Frame as Frame
    from repoview.core.formats.frames.frame import Operation as Operation
    from repoview.core.formats.frames.frame import OperationAnswer as OperationAnswer
    from repoview.core.formats.record import Record as Record
    from repoview.core.index.records import Collection as Collection
    from repoview.core.index.statistics import Level as Level
    from repoview.core.index.statistics import Shape as Shape
    from repoview.core.index.text_search import Searched as Searched
    from repoview.core.inventory.blob_check import CheckedBlob as CheckedBlob
    from repoview.core.inventory.blob_folder import Unreadable as Unreadable
    from repoview.core.inventory.blob_ledger import Blob as Blob
    from repoview.core.inventory.blobs import BlobCheck as BlobCheck
    from repoview.core.inventory.blobs import BlobFault as BlobFault
    from repoview.core.inventory.blobs import Blobs as Blobs
    from repoview.core.inventory.inventory import Inventory as Inventory
    from repoview.core.inventory.repeated import BlockCopy as BlockCopy
    from repoview.core.inventory.repeated import DuplicatedBlock as DuplicatedBlock
    from repoview.core.inventory.repeated import SharedRecord as SharedRecord
    from repoview.core.inventory.repeated import TwoRoles as TwoRoles
    from repoview.core.inventory.sizes import FileSizes as FileSizes
    from repoview.core.inventory.summary import Summary as Summary
    from repoview.core.inventory.unlinked import Amount as Amount
    from repoview.core.inventory.unlinked import UnlinkedBlock as UnlinkedBlock
    from repoview.core.inventory.unlinked import UnlinkedKind as UnlinkedKind
    from repoview.core.inventory.walk_order import OutOfOrder as OutOfOrder
    from repoview.core.inventory.walk_order import WalkOrder as WalkOrder
    from repoview.core.kernel.seam import NodeKind as NodeKind
    from repoview.core.load.result import Progress as Progress
    from repoview.core.opening.cache_policy import CacheWarning as CacheWarning
    from repoview.core.opening.memory_limit import (
        MemoryLimitReached as MemoryLimitReached,
    )
    from repoview.core.opening.options import OpenKeywords as OpenKeywords
    from repoview.core.repo.block_reader import Block as Block
    from repoview.core.repo.proof import Answer as Answer
    from repoview.core.repo.proof import Proof as Proof
    from repoview.core.repo.records import RecordList as RecordList
    from repoview.core.repo.repo import Location as Location
    from repoview.core.repo.repo import Repo as Repo
    from repoview.core.repo.step import Step as Step
    from repoview.core.repo.tree import NodeView as NodeView
    from repoview.core.repo.tree import RecordRef as RecordRef
    from repoview.core.repo.tree import Tree as Tree
    from repoview.core.salvage.car import WrittenCar as WrittenCar
    from repoview.core.salvage.report import LooseKind as LooseKind
    from repoview.core.salvage.report import LooseRecord as LooseRecord
    from repoview.core.salvage.report import LostKeys as LostKeys
    from repoview.core.salvage.report import SalvageReport as SalvageReport
    from repoview.core.salvage.report import SavedCollection as SavedCollection
    from repoview.core.salvage.salvage import Salvage as Salvage
    from repoview.core.source.cancel import Cancel as Cancel
    from repoview.core.source.opener import Target as Target
    from repoview.core.verify.report import Counts as Counts
    from repoview.core.verify.report import Report as Report
    from repoview.core.verify.report import Verdict as Verdict
    from repoview.core.verify.shape import FileShape as FileShape
    from repoview.core.verify.signature import SignatureCheck as SignatureCheck
    from repoview.core.verify.verify import Checks as Checks
    from repoview.library import AnyTarget as AnyTarget
    from repoview.library import AsyncOpening as AsyncOpening
    from repoview.library import open as open  # noqa: A004 (the library's word)
    from repoview.library import open_async as open_async
    from repoview.library import salvage as salvage
    from repoview.streaming import Item as Item
    from repoview.streaming import KeyItem as KeyItem
    from repoview.streaming import MissingNode as MissingNode
    from repoview.streaming import MissingRecord as MissingRecord
    from repoview.streaming import Stream as Stream
    from repoview.streaming import stream as stream

__version__ = "0.1.0"

_HOMES = {
    "stream_async": "async_stream",
    "AsyncStream": "async_stream",
    "CATALOGUE": "core.findings.catalogue",
    "Citation": "core.findings.catalogue",
    "Rule": "core.findings.catalogue",
    "Scope": "core.findings.catalogue",
    "Cid": "core.cid",
    "Commit": "core.formats.commit",
    "Value": "core.formats.dagcbor.rules",
    "Frame": "core.formats.frames.frame",
    "Operation": "core.formats.frames.frame",
    "OperationAnswer": "core.formats.frames.frame",
    "BlockMissing": "core.errors",
    "Cancelled": "core.errors",
    "CarError": "core.errors",
    "CidError": "core.errors",
    "FormatError": "core.errors",
    "KernelFault": "core.errors",
    "LimitExceeded": "core.errors",
    "NotFound": "core.errors",
    "RepoviewError": "core.errors",
    "SelectionError": "core.errors",
    "SigningKeyError": "core.errors",
    "SourceError": "core.errors",
    "Cause": "core.findings.findings",
    "Finding": "core.findings.findings",
    "Changes": "core.findings.policy",
    "Policy": "core.findings.policy",
    "Profile": "core.findings.policy",
    "Severity": "core.findings.findings",
    "Block": "core.repo.block_reader",
    "Collection": "core.index.records",
    "CacheWarning": "core.opening.cache_policy",
    "Progress": "core.load.result",
    "Target": "core.source.opener",
    "MemoryLimitReached": "core.opening.memory_limit",
    "OpenKeywords": "core.opening.options",
    "Record": "core.formats.record",
    "RecordList": "core.repo.records",
    "Answer": "core.repo.proof",
    "Proof": "core.repo.proof",
    "Step": "core.repo.step",
    "Location": "core.repo.repo",
    "Repo": "core.repo.repo",
    "Counts": "core.verify.report",
    "Report": "core.verify.report",
    "Verdict": "core.verify.report",
    "FileShape": "core.verify.shape",
    "NodeKind": "core.kernel.seam",
    "Searched": "core.index.text_search",
    "Blob": "core.inventory.blob_ledger",
    "BlobCheck": "core.inventory.blobs",
    "BlobFault": "core.inventory.blobs",
    "Blobs": "core.inventory.blobs",
    "CheckedBlob": "core.inventory.blob_check",
    "Unreadable": "core.inventory.blob_folder",
    "Inventory": "core.inventory.inventory",
    "BlockCopy": "core.inventory.repeated",
    "DuplicatedBlock": "core.inventory.repeated",
    "SharedRecord": "core.inventory.repeated",
    "TwoRoles": "core.inventory.repeated",
    "FileSizes": "core.inventory.sizes",
    "Summary": "core.inventory.summary",
    "OutOfOrder": "core.inventory.walk_order",
    "WalkOrder": "core.inventory.walk_order",
    "Amount": "core.inventory.unlinked",
    "UnlinkedBlock": "core.inventory.unlinked",
    "UnlinkedKind": "core.inventory.unlinked",
    "Level": "core.index.statistics",
    "Shape": "core.index.statistics",
    "NodeView": "core.repo.tree",
    "RecordRef": "core.repo.tree",
    "Tree": "core.repo.tree",
    "SignatureCheck": "core.verify.signature",
    "Checks": "core.verify.verify",
    "WrittenCar": "core.salvage.car",
    "LooseKind": "core.salvage.report",
    "LooseRecord": "core.salvage.report",
    "LostKeys": "core.salvage.report",
    "SalvageReport": "core.salvage.report",
    "SavedCollection": "core.salvage.report",
    "Salvage": "core.salvage.salvage",
    "Cancel": "core.source.cancel",
    "open": "library",
    "open_async": "library",
    "salvage": "library",
    "AnyTarget": "library",
    "AsyncOpening": "library",
    "stream": "streaming",
    "Item": "streaming",
    "KeyItem": "streaming",
    "MissingNode": "streaming",
    "MissingRecord": "streaming",
    "Stream": "streaming",
}
"""Public name → module that has it."""

__all__ = [
    "CATALOGUE",
    "Amount",
    "Answer",
    "AnyTarget",
    "AsyncOpening",
    "AsyncStream",
    "Blob",
    "BlobCheck",
    "BlobFault",
    "Blobs",
    "Block",
    "BlockCopy",
    "BlockMissing",
    "CacheWarning",
    "Cancel",
    "Cancelled",
    "CarError",
    "Cause",
    "Changes",
    "CheckedBlob",
    "Checks",
    "Cid",
    "CidError",
    "Citation",
    "Collection",
    "Commit",
    "Counts",
    "DuplicatedBlock",
    "FileShape",
    "FileSizes",
    "Finding",
    "FormatError",
    "Frame",
    "Inventory",
    "Item",
    "KernelFault",
    "KeyItem",
    "Level",
    "LimitExceeded",
    "Location",
    "LooseKind",
    "LooseRecord",
    "LostKeys",
    "MemoryLimitReached",
    "MissingNode",
    "MissingRecord",
    "NodeKind",
    "NodeView",
    "NotFound",
    "OpenKeywords",
    "Operation",
    "OperationAnswer",
    "OutOfOrder",
    "Policy",
    "Profile",
    "Progress",
    "Proof",
    "Record",
    "RecordList",
    "RecordRef",
    "Repo",
    "Report",
    "RepoviewError",
    "Rule",
    "Salvage",
    "SalvageReport",
    "SavedCollection",
    "Scope",
    "Searched",
    "SelectionError",
    "Severity",
    "Shape",
    "SharedRecord",
    "SignatureCheck",
    "SigningKeyError",
    "SourceError",
    "Step",
    "Stream",
    "Summary",
    "Target",
    "Tree",
    "TwoRoles",
    "UnlinkedBlock",
    "UnlinkedKind",
    "Unreadable",
    "Value",
    "Verdict",
    "WalkOrder",
    "WrittenCar",
    "__version__",
    "export",
    "fleet",
    "open",
    "open_async",
    "salvage",
    "stream",
    "stream_async",
    "trees",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401 (any public name)
    if name not in __all__:
        raise AttributeError(f"module 'repoview' has no attribute {name!r}")
    if name in {"export", "fleet", "trees"}:
        # Modules, which have their own public names.
        return import_module(f"repoview.{name}")
    where = _HOMES[name]
    value = getattr(import_module(f"repoview.{where}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
