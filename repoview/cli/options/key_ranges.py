"""Ranges of keys as they are typed: ``A..B``, or a prefix and an asterisk."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from repoview.cli.options.file_type import TextType

if TYPE_CHECKING:
    from repoview.core.formats.key_range import KeyRange


class TypedRange(NamedTuple):
    """A range, and how it was typed."""

    text: str
    keys: KeyRange


class RangeText(TextType[TypedRange]):
    """``A..B``, from one path to another, both included; or ``PREFIX*``."""

    name = "range"

    def read(self, text: str) -> TypedRange:
        """Return the range, or refuse what is none."""
        return typed_range(text)


def typed_range(text: str) -> TypedRange:
    """Return the range that a text says.

    Raises:
        ValueError: It says none; the message is a sentence.
    """
    from repoview.core.formats.key_range import KeyRange
    from repoview.present import safe

    shown = safe(text, 200) or "nothing"
    try:
        raw = text.encode()
    except UnicodeEncodeError:
        raise ValueError(f"{shown} is not UTF-8, as paths are") from None
    if text.endswith("*"):
        return TypedRange(text, KeyRange.of(prefix=text[:-1]))
    ends = [place for place in range(len(raw)) if _parts(raw, place) is not None]
    if len(ends) != 1:
        why = "may be read in two ways" if ends else "is no range"
        raise ValueError(
            f"{shown} {why}: write A..B, of two paths with a collection and a record "
            "key each, or PREFIX*"
        )
    first, last = raw[: ends[0]], raw[ends[0] + 2 :]
    if last and last < first:
        raise ValueError(f"{shown} ends before it begins")
    return TypedRange(text, KeyRange(first, last + b"\0" if last else None))


def _parts(raw: bytes, place: int) -> tuple[bytes, bytes] | None:
    """Return both sides of two dots at a place, if each is a path or empty."""
    if raw[place : place + 2] != b"..":
        return None
    sides = raw[:place], raw[place + 2 :]
    are_paths = all(not side or b"/" in side.strip(b"/") for side in sides)
    return sides if are_paths and any(sides) else None


def collection_range(name: str) -> TypedRange:
    """Return the range of all keys of a collection."""
    return typed_range(f"{name}/*")
