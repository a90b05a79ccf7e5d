"""The live repository of a lesson or the sandbox, opened as any other is."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from repoview.core.repo.repo import Repo
from repoview.core.verify.checks import Checks
from repoview.sample.signing import SIGNING_KEY
from repoview.tui.session.steps import StepAnswers

if TYPE_CHECKING:
    from repoview.learn.facts import Scene
    from repoview.learn.world import World


class LiveTree:
    """A lesson's repository as it is, and as it was at first.

    Args:
        scene: Both.
    """

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._open: list[Repo] = []

    @cached_property
    def now(self) -> StepAnswers:
        """Answers about its steps, as its file is now."""
        return self._answers(self._scene.world, "now")

    @cached_property
    def first(self) -> StepAnswers:
        """The same as it was at first."""
        return self._answers(self._scene.first, "the start")

    def _answers(self, world: World, name: str) -> StepAnswers:
        repo = Repo.load(world.file, checks=Checks(key=SIGNING_KEY))
        self._open.append(repo)
        return StepAnswers(repo, name)

    def close(self) -> None:
        """Close what was opened."""
        for repo in self._open:
            repo.close()
