"""Work that ends the process that is to do it, before it reads any file."""

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
