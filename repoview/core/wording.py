"""Numbers with their nouns and verbs, for every sentence that has some."""

from __future__ import annotations


def count_text(count: int, noun: str, plural: str | None = None) -> str:
    """Return a number and what it counts: "1 record", "1,673,021 blocks"."""
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"


def agreed(count: int, one: str, many: str) -> str:
    """Return the form of a verb that agrees with a number: "is" or "are"."""
    return one if count == 1 else many
