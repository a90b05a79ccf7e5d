"""What is shown beside the tree at a step, as text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.text import Text

from repoview.present import count_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.style import Style

    from repoview.present.steps.said import ToldStep

    Styles = Callable[[str], Style]

_SIGNS: Final = {
    "passed": ("✓", "good"),
    "failed": ("✗", "bad"),
    "open": ("·", "quiet"),
}
_STYLES: Final = {"✗": "bad", "∅": "bad", "★": "good", "✓": "good", "»": "good"}

BAR: Final = 20
"""Cells of the bar that shows how far one is."""


def says_text(said: ToldStep, style: Styles) -> Text:
    """Return the sentence of a step, its sign in front."""
    text = Text().append(f"{said.sign} ", style(_STYLES.get(said.sign, "accent")))
    first, says = said.says.partition(" ")[0], said.says
    if first.rstrip(":").isalpha():
        # A path stays as it is.
        says = says[:1].upper() + says[1:]
    return text.append(f"{says}.")


def checks_text(said: ToldStep, style: Styles, *, is_short: bool) -> Text:
    """Return the checks of a block; of a stream, what is held.

    Args:
        said: The step.
        style: Returns styles by their names.
        is_short: Whether each check is a word, two on a line.
    """
    text = Text(no_wrap=True, overflow="ellipsis")
    if said.held is not None:
        blocks, size = said.held
        text.append("Held now\n", style("head"))
        text.append(f"{count_text(blocks, 'block')}\n{count_text(size, 'byte')}")
        return text
    if not said.checks:
        return text.append("No block is read here.", style("quiet"))
    text.append("Checks\n", style("head"))
    for number, check in enumerate(said.checks):
        sign, name = _SIGNS[check.state]
        shown = f"{check.name:<10}" if is_short else check.says
        end = "" if is_short and number % 2 == 0 else "\n"
        text.append(f"{sign} {shown}{end}", style(name))
    text.rstrip()
    return text


def waits_text(said: ToldStep, style: Styles, *, is_walk: bool) -> Text:
    """Return what waits, the next first; of a stream, what is released."""
    text = Text(no_wrap=True, overflow="ellipsis")
    if said.held is not None:
        amount = count_text(said.waiting, "held block")
        text.append(f"Released: {amount}\n" if said.waiting else "", style("head"))
    elif not is_walk:
        return text
    else:
        text.append(f"On the stack: {said.waiting:,}\n", style("head"))
    for each in said.waits:
        text.append(f"{each}\n")
    if said.waiting > len(said.waits):
        text.append(f"… and {said.waiting - len(said.waits):,} more", style("quiet"))
    return text


def place_text(number: int, count: int | None, style: Styles, after: str) -> Text:
    """Return how far one is, as a bar and in figures."""
    text = Text(no_wrap=True, overflow="ellipsis")
    share = 0.0 if not count else (number + 1) / count
    full = round(share * BAR) if count else 0
    text.append("━" * full, style("accent")).append("─" * (BAR - full), style("quiet"))
    of = "" if count is None else f" of {count:,}"
    return text.append(f" step {number + 1:,}{of}", style("head")).append(
        f"  {after}", style("quiet")
    )
