"""CARs good and broken, made from the specifications alone.

What is here shares no code with the engine: its own small encoder, its own
trees, its own idea of what must be found. So each can prove the other.

::

    car = make_car({"com.example.note/1": {}}).cut(-3)

`CASES` are files with one fault each, and what must be found of each: code,
place, verdict, and the codes that come with it. Each has a twin, the same file
without the fault. `LEGAL` are files that a reader may refuse, and must not.

What is written out of it for others (`folder`) is the same byte for byte on
every run: all is signed by keys of the tests, deterministically (RFC 6979).
"""

from __future__ import annotations

from repoview.corpus.car import Car
from repoview.corpus.case import ANYWHERE, Broken, Case
from repoview.corpus.cases import CASES, LEGAL, LIGHT_CASES
from repoview.corpus.repo import SAMPLE, Repo, make_car, make_repo, sample

__all__ = [
    "ANYWHERE",
    "CASES",
    "LEGAL",
    "LIGHT_CASES",
    "SAMPLE",
    "Broken",
    "Car",
    "Case",
    "Repo",
    "make_car",
    "make_repo",
    "sample",
]
