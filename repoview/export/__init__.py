"""Records of a repository in many formats: JSON, CSV, SQLite, a CAR and others.

::

    repoview.export.write(repo, "all.jsonl")
    posts = repo.records("app.bsky.feed.post")
    repoview.export.write(repo, "posts.json", records=posts)
    repoview.export.rewrite(repo, "in-order.car")
    repoview.export.merge("monday.car", ["since-monday.car"], "tuesday.car")
    repoview.export.build("all.jsonl", "built.car")

`write`, `rewrite`, `merge` and `build` are for users of the library; the command
line and the explorer use the same parts. `select` says which records, `destination`
writes a file atomically, `formats` lists the formats. A format writes what was selected
and returns what it wrote and what it had to leave out: nothing is lost silently.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from repoview.export.building.build import Built as Built
    from repoview.export.building.build import build as build
    from repoview.export.building.entry import NotARecord as NotARecord
    from repoview.export.destination import DestinationError as DestinationError
    from repoview.export.destination import DestinationTaken as DestinationTaken
    from repoview.export.formats import Written as Written
    from repoview.export.proved.merging import Merged as Merged
    from repoview.export.proved.merging import MergeRefused as MergeRefused
    from repoview.export.proved.merging import NotComplete as NotComplete
    from repoview.export.proved.merging import merge as merge
    from repoview.export.proved.rewriting import NotWhole as NotWhole
    from repoview.export.proved.rewriting import RewriteDiffers as RewriteDiffers
    from repoview.export.proved.rewriting import Rewritten as Rewritten
    from repoview.export.proved.rewriting import rewrite as rewrite
    from repoview.export.records import BinaryFile as BinaryFile
    from repoview.export.records import write as write
    from repoview.export.style import Style as Style

_HOMES = {
    "BinaryFile": "records",
    "Built": "building.build",
    "DestinationError": "destination",
    "DestinationTaken": "destination",
    "MergeRefused": "proved.merging",
    "Merged": "proved.merging",
    "NotARecord": "building.entry",
    "NotComplete": "proved.merging",
    "NotWhole": "proved.rewriting",
    "RewriteDiffers": "proved.rewriting",
    "Rewritten": "proved.rewriting",
    "Style": "style",
    "Written": "formats",
    "build": "building.build",
    "merge": "proved.merging",
    "rewrite": "proved.rewriting",
    "write": "records",
}
"""Public name → module that has it; the command line needs few of them."""

__all__ = [
    "BinaryFile",
    "Built",
    "DestinationError",
    "DestinationTaken",
    "MergeRefused",
    "Merged",
    "NotARecord",
    "NotComplete",
    "NotWhole",
    "RewriteDiffers",
    "Rewritten",
    "Style",
    "Written",
    "build",
    "merge",
    "rewrite",
    "write",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401 (any public name)
    if name not in _HOMES:
        raise AttributeError(f"module 'repoview.export' has no attribute {name!r}")
    value = getattr(import_module(f"repoview.export.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
