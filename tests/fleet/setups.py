"""Work that no process can do: it ends before it reads any file."""

from __future__ import annotations

import os
from typing import NoReturn

from repoview.fleet.work import Setup


class DeadlySetup(Setup):
    """What a process cannot begin without its end."""

    @property
    def held(self) -> NoReturn:
        """End the process that asks."""
        os._exit(3)


class FaultySetup(Setup):
    """What meets a fault of our own."""

    @property
    def held(self) -> NoReturn:
        """Fail as only wrong code does."""
        raise KeyError("held")
