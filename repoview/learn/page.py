"""A lesson as text: paragraphs with the facts put in, and figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from repoview.learn.figures import MARK, figure
from repoview.learn.telling import filled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from repoview.learn.facts import Scene
    from repoview.learn.lesson import Lesson


class Block(NamedTuple):
    """A paragraph, or a figure."""

    kind: str
    """text, figure, belief, fact or source."""

    text: str
    """A paragraph on one line; of a figure, its lines."""


def blocks(text: str, scene: Scene) -> Iterator[Block]:
    """Yield the paragraphs and figures of a text.

    Raises:
        UnknownFact: It quotes or draws what is not there.
    """
    for paragraph in text.split("\n\n"):
        said: list[str] = []
        for line in paragraph.strip().splitlines():
            if not line.startswith(MARK):
                said.append(line.strip())
                continue
            if said:
                yield Block("text", filled(scene, " ".join(said)))
                said = []
            yield Block("figure", "\n".join(figure(scene, line)))
        if said:
            yield Block("text", filled(scene, " ".join(said)))


def lesson_blocks(lesson: Lesson, scene: Scene) -> Iterator[Block]:
    """Yield what a lesson says, up to its task.

    Raises:
        UnknownFact: It quotes or draws what is not there.
    """
    for part in lesson.parts:
        yield from blocks(part.text, scene)
        yield Block("source", source_text(part.source))
    for each in lesson.beliefs:
        yield Block("belief", filled(scene, each.belief))
        yield Block("fact", filled(scene, each.fact))
        yield Block("source", source_text(each.source))


def source_text(source: str) -> str:
    """Return who says so: the place, and its document by the name it has here."""
    name, _, place = source.partition(",")
    return f"{name.strip()}: {place.strip()}" if place else name.strip()
