"""The sandbox: a copy of a repository that is changed at will, and what that does.

Beside adding, writing and removing it takes ``predict KEY`` (say the depth of a key
before it is shown), ``find DEPTH`` (a key of that depth) and ``commit`` (what was
changed counts as published; the next change is compared with it).
"""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from repoview.core.edit.path_finder import DEEPEST, find_path
from repoview.core.formats.key import collection_of
from repoview.core.formats.mst import key_depth
from repoview.core.formats.syntax import tid_number
from repoview.learn.facts import Scene
from repoview.learn.figures import hash_lines
from repoview.learn.steps import NotDone, Step, done, read_step
from repoview.learn.what_if import WhatIf, what_if

if TYPE_CHECKING:
    from repoview.learn.world import World

SANDBOX_VERBS: Final = ("add", "write", "remove", "predict", "find", "commit")


class Sandbox:
    """A repository, and what was done to it.

    Args:
        world: The copy.
    """

    def __init__(self, world: World) -> None:
        self._start = Scene(world, world)
        self.reset()

    def reset(self) -> None:
        """Begin again, as it was opened."""
        self.scene = self._start
        self.taken = 0
        self._past: list[Scene] = []
        self._next = tid_number(self.scene.world.rev) >> 10
        """The time of the first key that is tried, in microseconds since 1970."""
        self.predicted = ""
        """The key whose depth is asked for; empty for none."""

    @property
    def changes(self) -> WhatIf:
        """What was changed since the last commit."""
        return what_if(self.scene.first, self.scene.world)

    @property
    def collection(self) -> str:
        """The collection of keys that are given without one."""
        first = min(self.scene.first.records, default="com.example.pet/")
        return collection_of(first.encode()).decode()

    def say(self, line: str) -> str:
        """Do what a line says, and return what is to be said of it.

        Raises:
            NotDone: It cannot be done; nothing was changed.
        """
        verb, _, rest = line.strip().partition(" ")
        rest = rest.strip()
        if self.predicted and (verb.isdecimal() or verb not in SANDBOX_VERBS):
            return self._answer(line.strip())
        self.predicted = ""
        if verb == "predict":
            return self._ask(self._path(rest))
        if verb == "find":
            return self._found(rest)
        if verb == "commit" and not rest:
            self._take(replace(self.scene, first=self.scene.world))
            return "published: the next change is compared with this"
        if verb not in SANDBOX_VERBS:
            raise NotDone(f"say {', '.join(SANDBOX_VERBS)}, and a key")
        key, _, text = rest.partition(" ")
        return self.do(read_step(f"{verb} {self._path(key)} {text}".rstrip()))

    def _path(self, key: str) -> str:
        if not key:
            raise NotDone("say a key behind it")
        return key if "/" in key else f"{self.collection}/{key}"

    def do(self, step: Step) -> str:
        """Take a step, and return what is to be said of it.

        Raises:
            NotDone: It cannot be taken.
        """
        self._take(done(self.scene, step))
        if step.verb == "add":
            depth = key_depth(step.words[0].encode())
            return f"depth {depth}: {self.changes.summary}"
        return self.changes.summary

    def _take(self, scene: Scene) -> None:
        self._past.append(self.scene)
        self.scene = scene
        self.taken += 1

    def undo(self) -> None:
        """Take the last step back."""
        self.predicted = ""
        if self._past:
            self.scene = self._past.pop()

    def _ask(self, path: str) -> str:
        self.predicted = path
        bytes_ = hash_bytes(path)
        return f"SHA-256 of {path} begins {bytes_}: which depth?"

    def _answer(self, given: str) -> str:
        path, self.predicted = self.predicted, ""
        _, bits, says = hash_lines(path)
        right = given == str(key_depth(path.encode()))
        return f"{'yes' if right else 'no'}: {bits} {says}"

    def _found(self, rest: str) -> str:
        words = rest.split()
        depth = int(words[0]) if words and words[0].isdecimal() else -1
        if not 0 <= depth <= DEEPEST or len(words) > 2:
            raise NotDone(f"find takes a depth from 0 to {DEEPEST}, and a collection")
        collection = words[1] if len(words) > 1 else self.collection
        path = find_path(collection, depth, self._next)
        self.do(Step("add", (path, f"depth {depth}")))
        after = (tid_number(path.rpartition("/")[2]) >> 10) + 1
        tries, self._next = after - self._next, after
        odds = f"about one in {4**depth * 4 // 3:,} keys has"
        return f"added {path}, found at try {tries:,}: {odds} depth {depth}"


def hash_bytes(path: str) -> str:
    """Return the first bytes of a key's hash, in hexadecimal."""
    return sha256(path.encode()).digest()[:6].hex(" ")
