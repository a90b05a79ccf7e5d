"""Codes by what people call them: by code, by the id of the rule, by family."""

from __future__ import annotations

from typing import Final

from repoview.core.findings.catalogue import CATALOGUE, FAMILIES, NOT_USED

_IDS: Final = {rule.id: code for code, rule in CATALOGUE.items()}
_MOST_NEAR: Final = 3
_LONGEST: Final = 60
"""Characters of a text that are compared and repeated."""


class UnknownCode(ValueError):
    """A text that names no code; the message is a sentence, and names near ones."""


def codes_named(text: str) -> tuple[str, ...]:
    """Return the code that *text* names, or all codes of the family, in order.

    Args:
        text: A code, the id of a rule, or the letters of a family, in any case.

    Raises:
        UnknownCode: It is none of these.
    """
    name = text.strip()[:_LONGEST]
    code = _IDS.get(name.lower(), name.upper())
    if code in CATALOGUE:
        return (code,)
    if code in FAMILIES:
        return tuple(each for each in CATALOGUE if each.startswith(code))
    if code in NOT_USED:
        raise UnknownCode(f"{code} is not used: {NOT_USED[code]}")
    near = _near(name)
    meant = f"did you mean {' or '.join(near)}?"
    hint = meant if near else "repoview explain lists all"
    raise UnknownCode(f"{name!a} is no code of a finding: {hint}")


def _near(name: str) -> list[str]:
    """Return the codes and ids that are most like *name*, in their form."""
    # Late: it takes a while, and few need it.
    from difflib import get_close_matches  # noqa: PLC0415

    codes = get_close_matches(name.upper(), CATALOGUE, _MOST_NEAR, 0.6)
    return codes or get_close_matches(name.lower(), _IDS, _MOST_NEAR, 0.6)
