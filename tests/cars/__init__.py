"""CARs good and broken, made from the specifications alone.

What is here shares no code with the engine: its own small encoder, its own
trees, its own idea of what must be found. So each can prove the other.

::

    car = make_car({"com.example.note/1": {}}).cut(-3)

`CASES` are files with one fault each, and what must be found of each: code,
place, verdict, and the codes that come with it.
"""

from __future__ import annotations

from tests.cars import (
    blocks,
    commits,
    encoding,
    header,
    identifiers,
    keys,
    nodes,
    places,
    records,
    sections,
    wrapped,
)
from tests.cars.car import Car
from tests.cars.case import ANYWHERE, Broken, Case
from tests.cars.repo import SAMPLE, Repo, make_car, make_repo, sample

__all__ = [
    "ANYWHERE",
    "CASES",
    "SAMPLE",
    "Broken",
    "Car",
    "Case",
    "Repo",
    "make_car",
    "make_repo",
    "sample",
]

CASES: tuple[Case, ...] = (
    *header.CASES,
    *sections.CASES,
    *wrapped.CASES,
    *identifiers.CASES,
    *blocks.CASES,
    *encoding.CASES,
    *commits.CASES,
    *nodes.CASES,
    *places.CASES,
    *keys.CASES,
    *records.CASES,
)
