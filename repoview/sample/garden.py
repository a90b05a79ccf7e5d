"""Records of two made-up applications, a garden and a journal.

Their lexicons do not exist: they show how views handle records of an unknown
type, with numbers, bytes, links and long text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from repoview.core.cid import RAW, Cid
from repoview.sample.account import DID, Account, Dice
from repoview.sample.phrases import CHAPTER, JOURNAL, PLANTS
from repoview.sample.posts import POST

if TYPE_CHECKING:
    from collections.abc import Iterator

    from repoview.core.formats.dagcbor.strict import Value

    Records = Iterator[tuple[str, bytes]]

PLANT: Final = "com.example.garden.plant"
WATERING: Final = "com.example.garden.watering"
ENTRY: Final = "com.example.journal.entry"


def plants(account: Account) -> Records:
    """Yield the plants of the garden, with links to posts about them."""
    dice = Dice(PLANT)
    for number in range(account.counts[PLANT]):
        rkey, name, species = PLANTS[number]
        seen: list[Value] = []
        if account.notable:
            seen.extend(dice.pick(account.notable) for _ in range(3))
        yield (
            rkey,
            account.record(
                PLANT,
                number,
                name=name,
                species=species,
                bed=1 + dice.below(6),
                edible=dice.chance(0.7),
                heightMillimeters=150 + dice.below(2400),
                photo=dice.blob("image/webp", 300_000),
                perennial=None if dice.chance(0.2) else dice.chance(0.4),
                seenIn=seen,
            ),
        )


def waterings(account: Account) -> Records:
    """Yield readings of a sensor: numbers, bytes and raw links."""
    dice = Dice(WATERING)
    for number in range(account.counts[WATERING]):
        plant = dice.pick(PLANTS)[0]
        curve = bytes(40 + dice.below(160) for _ in range(24))
        weather: Value = {
            "milliKelvin": 275_000 + dice.below(30_000),
            "rainMicrometers": dice.below(9_000),
            "wind": {"degrees": dice.below(360), "knots": dice.below(34)},
        }
        yield (
            account.rkey(WATERING, number),
            account.record(
                WATERING,
                number,
                plant=account.uri(PLANT, plant),
                milliliters=250 * (1 + dice.below(16)),
                moisture=curve,
                log=Cid.for_block(curve, RAW),
                weather=weather,
            ),
        )


def journal(account: Account) -> Records:
    """Yield essays in Markdown, long enough to need scrolling."""
    dice = Dice(ENTRY)
    made = account.counts[ENTRY]
    for number, (rkey, title, opening) in enumerate(JOURNAL[:made]):
        parts = [f"# {title}", opening]
        for chapter in range(1, 6):
            parts += [f"## {chapter}", *(dice.fill(line) for line in CHAPTER)]
        begun = account.uri(POST, account.rkey(POST, number))
        parts.append(f"Begun as a post: {begun}")
        yield (
            rkey,
            account.record(
                ENTRY,
                number,
                title=title,
                subtitle=opening,
                content="\n\n".join(parts),
                visibility="public",
                theme={"name": "paper", "author": DID},
            ),
        )
