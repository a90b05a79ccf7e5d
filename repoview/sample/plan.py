"""The plan of a sample: for each collection its number of records and generator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from repoview.sample import activity, garden, others
from repoview.sample.posts import POST, posts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from repoview.sample.account import Account
    from repoview.sample.activity import Activity

MAKERS: Final[dict[str, Callable[[Account], Iterator[tuple[str, bytes]]]]] = {
    others.PROFILE: others.profile,
    others.GENERATOR: others.generators,
    others.LIKE: others.likes,
    POST: posts,
    others.POSTGATE: others.postgates,
    others.REPOST: others.reposts,
    others.THREADGATE: others.threadgates,
    others.BLOCK: others.blocks,
    others.FOLLOW: others.follows,
    others.LIST: others.lists,
    others.LIST_ITEM: others.list_items,
    others.STARTER_PACK: others.starter_packs,
    others.CHAT: others.chat,
    garden.PLANT: garden.plants,
    garden.WATERING: garden.waterings,
    garden.ENTRY: garden.journal,
}
"""By collection, in the order of their keys in the tree."""

ACTIVITIES: Final[dict[str, Activity]] = {
    **dict.fromkeys(MAKERS, activity.WRITING),
    others.BLOCK: activity.MEETING,
    others.FOLLOW: activity.MEETING,
    others.LIST: activity.MEETING,
    others.LIST_ITEM: activity.MEETING,
    others.STARTER_PACK: activity.MEETING,
    garden.PLANT: activity.PLANTING,
    garden.WATERING: activity.GROWING,
    garden.ENTRY: activity.ESSAYS,
}
"""The distribution over time of each collection."""

_FEW: Final = {
    others.PROFILE: 1,
    others.GENERATOR: 2,
    others.LIST: 3,
    others.STARTER_PACK: 1,
    others.CHAT: 1,
    garden.PLANT: 11,
    garden.ENTRY: 5,
}
"""Numbers of records that do not depend on the size of the sample."""

_PERCENT: Final = {
    others.LIKE: 44,
    others.REPOST: 11,
    others.FOLLOW: 9,
    garden.WATERING: 3,
    others.LIST_ITEM: 2,
    others.THREADGATE: 1,
    others.POSTGATE: 1,
    others.BLOCK: 1,
}
"""Percent of the remaining records; those left over are posts."""

_SMALL: Final = 100
"""Below this many records there are only a profile and posts."""


def plan(records: int) -> dict[str, int]:
    """Return how many records each collection has, *records* in all."""
    counts = dict.fromkeys(MAKERS, 0)
    if records < _SMALL:
        counts[others.PROFILE] = min(1, records)
    else:
        counts |= _FEW
        rest = records - sum(_FEW.values())
        counts |= {name: rest * share // 100 for name, share in _PERCENT.items()}
    counts[POST] = records - sum(counts.values())
    return counts
