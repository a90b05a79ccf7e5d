"""The lessons that come with the program, and those that others wrote."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final

from repoview.core.storage.small_file import NotReadable, read_bytes
from repoview.learn.lesson import Lesson, LessonError, read_lesson

_SUFFIX: Final = ".toml"


@dataclass(frozen=True, slots=True)
class Kept:
    """A lesson, and the name under which it is found and remembered."""

    name: str
    lesson: Lesson


@cache
def lessons() -> tuple[Kept, ...]:
    """Return our own lessons, in the order in which they build on each other."""
    folder = files("repoview.learn").joinpath("lessons")
    found = sorted(
        (each for each in folder.iterdir() if each.name.endswith(_SUFFIX)),
        key=lambda each: each.name,
    )
    return tuple(
        Kept(
            each.name.removesuffix(_SUFFIX).partition("-")[2],
            read_lesson(each.read_text(encoding="utf-8")),
        )
        for each in found
    )


def lesson_named(text: str) -> Kept:
    """Return a lesson by its number, its name, or the path of its file.

    Raises:
        LessonError: There is none, or the file is no lesson.
    """
    own = lessons()
    if text.isdecimal() and len(text) < 5:
        if not 1 <= int(text) <= len(own):
            raise LessonError(f"there is no lesson {text}: there are {len(own)}")
        return own[int(text) - 1]
    for each in own:
        if text == each.name:
            return each
    path = Path(text)
    if not text.endswith(_SUFFIX) and not path.exists():
        raise LessonError(f"there is no lesson {text}: see repoview learn --list")
    try:
        data = read_bytes(path, linked=True)
    except NotReadable as error:
        raise LessonError(f"{text}: {error}") from None
    if data is None:
        raise LessonError(f"{text}: there is no such file")
    try:
        return Kept(str(path.absolute()), read_lesson(data.decode()))
    except UnicodeDecodeError as error:
        raise LessonError(f"{text}: byte {error.start:,} is not UTF-8") from None
    except LessonError as error:
        lines = (f"{text}: {line}" for line in str(error).splitlines())
        raise LessonError("\n".join(lines)) from None
