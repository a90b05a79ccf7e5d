"""A few hundred of the million files with every run of the suite."""

from __future__ import annotations

from random import Random

import pytest

from repoview import Repo
from repoview.corpus import sample
from tests.fuzz.million import PURE_EVERY, Million, main, run
from tests.fuzz.rehashed import Template, rehashed, templates
from tests.fuzz.twins import COMPILED

SEED = 20_261


def test_a_few_hundred_changed_files_are_borne() -> None:
    """No unknown exception, no contradiction, and the same on both kernels."""
    counts = run(SEED, range(400))
    assert counts.failures == []
    assert counts.stop == 400
    assert counts.both == (400 // PURE_EVERY if COMPILED else 0)
    assert len(counts.verdicts) >= 5
    assert len(counts.codes) > 60


def test_a_number_is_a_file() -> None:
    """What was found once can be looked at again, and a run goes on where it ended."""
    one, other = Million(7), Million(7)
    assert [one.make(n) for n in range(60)] == [other.make(n) for n in range(60)]
    assert one.make(3) != Million(8).make(3)


def test_what_is_taken_apart_is_put_together_as_it_was() -> None:
    """Without a change."""
    car = sample().car()
    cids, datas = Template.of(car).changed({})
    assert (cids, datas) == (car.cids, [car.data_of(cid) for cid in car.cids])


@pytest.mark.parametrize("number", range(17))
def test_a_block_that_is_changed_is_reached_by_its_links(number: int) -> None:
    """Whatever block it is, the commit leads to it, and every hash is right."""
    template = templates()[-2]
    record = template.blocks[number].data + b"\0"
    cids, datas = template.changed({number: record})
    assert datas[number] == record
    block = template.blocks[number]
    while block.parents:
        number = block.parents[0]
        assert cids[number] != block.cid
        block = template.blocks[number]
    assert number == 0
    assert cids[0] != template.cids[0]


def test_most_files_reach_further_than_their_hashes() -> None:
    """Few of them have a block that does not hash."""
    luck, among = Random(SEED), templates()  # noqa: S311 (not for secrets)
    damaged = 0
    for _ in range(200):
        with Repo.load(rehashed(luck, among)) as repo:
            damaged += any(f.code in {"BLK001", "BLK003"} for f in repo.report.findings)
    assert damaged < 50


def test_it_ends_as_a_program_should(capsys: pytest.CaptureFixture[str]) -> None:
    """0 when all is well, and a line of counts."""
    assert main(["--count", "20", "--start", "100", "--seed", str(SEED)]) == 0
    assert "files 100 to 120: 20 of " in capsys.readouterr().out
    assert main(["--only", "7", "--seed", str(SEED)]) == 0
