"""Steps: what can be done to a small repository, in words.

::

    add com.example.pet/ape some text       a record under a new key
    write com.example.pet/ant another text  another record under a key
    remove com.example.pet/ant
    mark BLOCK                              mark a block, or no longer
    move 7 2                                the 7th block of the file to place 2
    damage 300                              turn over all bits of a byte of the file
    cut 900                                 end the file before that byte
    answer 3

A BLOCK is a fact that names one (``node com.example.pet/ant``), a CID, or in a view of
bytes ``@`` and an offset.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from repoview.core.cid import Cid
from repoview.core.errors import CidError
from repoview.core.formats.key import key_faults
from repoview.learn.facts import Scene, UnknownFact, fact
from repoview.learn.world import MOST_KEYS, record_of
from repoview.present import safe

if TYPE_CHECKING:
    from collections.abc import Callable

    from repoview.learn.world import World

VERBS: Final = (
    "add",
    "write",
    "remove",
    "mark",
    "move",
    "damage",
    "cut",
    "answer",
)

MOST_TEXT: Final = 2_000
"""Characters of a record's text."""


class NotDone(ValueError):
    """A step that cannot be taken; its text says why, in a sentence."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step."""

    verb: str
    words: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The line that it is read from."""
        return " ".join((self.verb, *self.words))


def read_step(line: str) -> Step:
    """Return the step that a line says.

    Raises:
        NotDone: It says none.
    """
    verb, _, rest = line.strip().partition(" ")
    if verb not in VERBS:
        raise NotDone(f"{verb or 'nothing'} is no step: a step is {', '.join(VERBS)}")
    if verb in {"add", "write"}:
        path, _, text = rest.strip().partition(" ")
        return Step(verb, (path, text.strip()) if text.strip() else (path,))
    words = tuple(rest.split()) if verb != "answer" else (rest.strip(),)
    if verb == "mark":
        return Step(verb, (" ".join(words),))
    wanted = 2 if verb == "move" else 1
    if len(words) != wanted or not all(words):
        what = "two numbers" if wanted == 2 else "one word"
        raise NotDone(f"{verb} takes {what} behind it")
    return Step(verb, words)


def done(scene: Scene, step: Step) -> Scene:
    """Return the scene after a step; an answer changes nothing here.

    Raises:
        NotDone: The step cannot be taken.
    """
    return _STEPS[step.verb](scene, step.words)


def _add(scene: Scene, words: tuple[str, ...]) -> Scene:
    path = words[0]
    for fault in key_faults(path.encode(errors="surrogatepass")):
        raise NotDone(f"{safe(path, 80) or 'nothing'} is no key: {fault.message}")
    if path in scene.world.records:
        raise NotDone(f"there is a record at {path} already: write changes it")
    if len(scene.world.records) >= MOST_KEYS:
        raise NotDone(f"this tree takes {MOST_KEYS:,} keys at most")
    return _put(scene, path, words[1] if len(words) > 1 else path.partition("/")[2])


def _write(scene: Scene, words: tuple[str, ...]) -> Scene:
    path = words[0]
    if path not in scene.world.records:
        raise NotDone(f"there is no record at {path or 'no key'}: add makes one")
    if len(words) < 2:
        raise NotDone("write takes a key and the new text")
    return _put(scene, path, words[1])


def _put(scene: Scene, path: str, text: str) -> Scene:
    data = record_of(path, text[:MOST_TEXT])
    if scene.world.records.get(path) == data:
        raise NotDone("that is what it says already")
    return _with(scene, scene.world.with_record(path, data))


def _remove(scene: Scene, words: tuple[str, ...]) -> Scene:
    if words[0] not in scene.world.records:
        raise NotDone(f"there is no record at {words[0]}")
    return _with(scene, scene.world.without(words[0]))


def _with(scene: Scene, world: World) -> Scene:
    changed = replace(scene, world=world)
    if changed.world.records == scene.first.records:
        # What was taken back is no change: the commit is the first one again.
        changed = replace(changed, world=scene.first)
    if not scene.marks or scene.view != "tree":
        return changed
    there = set(map(str, changed.world.blocks))
    return replace(changed, marks=scene.marks & there)


def _mark(scene: Scene, words: tuple[str, ...]) -> Scene:
    return replace(scene, marks=scene.marks ^ {block_named(scene, words[0])})


def block_named(scene: Scene, text: str) -> str:
    """Return the name of the block or byte that a text means.

    Raises:
        NotDone: It means none of this repository.
    """
    if text.startswith("@") and scene.view.startswith("bytes "):
        return text
    try:
        return str(Cid.parse(text))
    except CidError:
        pass
    try:
        found = fact(scene, text)
    except UnknownFact as error:
        raise NotDone(str(error)) from None
    if isinstance(found, str) and (found.startswith("@") or len(found) == 59):
        return found
    raise NotDone(f"{text} is no block")


def _move(scene: Scene, words: tuple[str, ...]) -> Scene:
    order = list(scene.world.filed)
    place, to = (_number(word, 1, len(order)) for word in words)
    order.insert(to - 1, order.pop(place - 1))
    return replace(scene, world=replace(scene.world, order=tuple(order)))


def _damage(scene: Scene, words: tuple[str, ...]) -> Scene:
    size = len(scene.world.sound_file)
    place = _number(words[0].removeprefix("@"), 0, size - 1)
    flipped = scene.world.flipped ^ {place}
    return replace(scene, world=replace(scene.world, flipped=flipped))


def _cut(scene: Scene, words: tuple[str, ...]) -> Scene:
    size = len(scene.world.sound_file)
    place = _number(words[0].removeprefix("@"), 1, size - 1)
    return replace(scene, world=replace(scene.world, cut=place))


def _number(text: str, least: int, most: int) -> int:
    number = int(text) if text.isdecimal() and len(text) < 10 else -1
    if not least <= number <= most:
        raise NotDone(f"{text} is no number from {least:,} to {most:,}")
    return number


_STEPS: Final[dict[str, Callable[[Scene, tuple[str, ...]], Scene]]] = {
    "add": _add,
    "write": _write,
    "remove": _remove,
    "mark": _mark,
    "move": _move,
    "damage": _damage,
    "cut": _cut,
    "answer": lambda scene, _: scene,
}
