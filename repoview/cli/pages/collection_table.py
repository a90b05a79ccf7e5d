"""Collections with counts, sizes and bars: of a repository, or of a selection."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from repoview.cli.pages.inventory_page import bar
from repoview.present import cells, fit, safe, size_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from repoview.cli.console import Console

COLLECTIONS_SHOWN: Final = 30
_BAR: Final = 24


class Amount(Protocol):
    """What there is of one collection."""

    @property
    def name(self) -> str:
        """Its NSID."""

    @property
    def count(self) -> int:
        """How many records."""

    @property
    def bytes(self) -> int:
        """Of their blocks."""


def collection_table(console: Console, shown: Sequence[Amount]) -> Iterator[str]:
    """Yield collections, one or more, as lines with counts, sizes and bars."""
    names = [safe(each.name, 200) or "(no collection)" for each in shown]
    width = min(max(map(cells, [*names, "Collections"])), console.width - 40)
    most = max(each.count for each in shown)
    yield ""
    head = f"{'Collections':<{width}}  {'records':>11}  {'size':>9}"
    yield console.paint("head", head)
    for name, each in zip(names, shown, strict=True):
        size = size_text(each.bytes)
        room = min(_BAR, console.width - width - 26)
        yield (
            f"{fit(name, width)}  {each.count:>11,}  {size:>9}  "
            f"{console.paint('name', bar(each.count, most, room))}"
        ).rstrip()
