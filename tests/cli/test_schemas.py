"""Facts about JSON schemas: all that commands print is of them, and no more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
import pytest
from jsonschema import Draft202012Validator

import repoview
from repoview import Repo, fleet
from repoview.cli.root import root
from repoview.cli.spec.outputs import OUTPUTS, SCHEMAS
from repoview.core.cache import Cache
from repoview.core.cid import Cid
from repoview.core.file_identity import identify
from repoview.core.formats import syntax
from repoview.core.formats.car import encode_header
from repoview.core.verify.report import EXIT_CODES
from repoview.core.verify.shape import FileShape
from repoview.corpus.cases import CASES, FAULTS, LEGAL, LIGHT_CASES
from repoview.corpus.cases.frames import event
from tests.cli.conftest import damaged_top, saved, without_last_section
from tests.cli.schema_check import check_output
from tests.core.caches import write
from tests.core.repos import car_of, make_repo, many, parts_of
from tests.measuring import ONE_OF_EACH

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from repoview.cli.spec.outputs import Output
    from tests.cli.conftest import Program

KIND = "com.example.kind0"
PATH = f"{KIND}/000030"
LATER = syntax.make_tid(1_700_000_000_000_001)
IMAGE = {
    "image": {
        "$type": "blob",
        "ref": Cid.for_block(b"an image", 0x55),
        "mimeType": "image/png",
        "size": 8,
    }
}
NO_ROOTS = encode_header([])
EVENTS = "--format jsonl, of a file with several events"
SEVERAL = "--json, of several sources, or of a file with several events"

WRONG_USAGE = 2

RUNS: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("verify", "--json"): (
        "verify {whole} --json",
        "verify {whole} --json -v",
        "verify {damaged} --json -v",
        "verify {frame} --json",
        "verify {page} --json -v",
    ),
    ("verify", SEVERAL): (
        "verify {whole} {damaged} {frame} --json",
        "verify {whole} {cut} --json -v",
        "verify {events} --json",
    ),
    ("verify", "--json, of several sources, one that cannot be read"): (
        "verify {none} {none} --json",
    ),
    ("verify", "--json with --path, --absent or --range"): (
        "verify {whole} --json --path {path} --absent {path}x",
        "verify {cut} --json --path {path} --range {kind}/*",
        "verify {page} --json --absent {path} --range {kind}/a..{kind}/b",
    ),
    ("verify", "--format jsonl"): (
        "verify {damaged} --format jsonl",
        "verify {odd} --format jsonl --severity REC=warning",
    ),
    ("verify", EVENTS): ("verify {events} --format jsonl",),
    ("verify", "--format jsonl, of several sources"): (
        "verify {damaged} {cut} {frame} --format jsonl",
    ),
    ("verify", "--format jsonl with --path or --absent"): (
        "verify {cut} --format jsonl --path {path} --absent {path}",
    ),
    ("verify", "--format jsonl with --range"): (
        "verify {cut} --format jsonl --range {kind}/*",
        "verify {odd} --format jsonl --range {kind}/*",
    ),
    ("explain", "--json"): ("explain --json",),
    ("info", "--json"): (
        "info {whole} --json",
        "info {cut} --json",
        "info {page} --json",
        "info {bare} --json",
    ),
    ("info", "--json --select"): ("info {whole} --json --select size:>0",),
    ("ls", "--json"): ("ls {whole} --json", "ls {cut} --json", "ls {odd} --json"),
    ("ls", "--json --collections"): ("ls {whole} --json --collections",),
    ("ls", "--json --unlinked"): ("ls {damaged} --json --unlinked",),
    ("ls", "--json --duplicates"): ("ls {twice} --json --duplicates",),
    ("ls", "--json --shared"): ("ls {shared} --json --shared",),
    ("ls", "--json --two-roles"): ("ls {roles} --json --two-roles",),
    ("ls", "--json, of blocks without a tree"): ("ls {blocks} --json",),
    ("show", ""): ("show {whole} {path}", "show {whole} {top}"),
    ("mst", "--json"): ("mst {whole} --json", "mst {cut} --json", "mst {odd} --json"),
    ("mst", "--json with PATH"): (
        "mst {whole} {path} --json",
        "mst {cut} {path}x --json",
        "mst {bare} {path} --json",
    ),
    ("mst", "--json --steps"): (
        "mst {whole} --json --steps walk",
        "mst {damaged} --json --steps stream",
        "mst {whole} --json --steps stream --order cid",
        "mst {whole} {path} --json --steps look-up",
        "mst {whole} {path}x --json --steps look-up",
        "mst {cut} {path} --json --steps proof",
        "mst {whole} {path}x --json --steps proof",
        "mst {nodeless} --json --steps walk",
        "mst {nodeless} {path} --json --steps proof",
    ),
    ("blobs", "--json"): ("blobs {whole} --json",),
    ("blobs", "--json --check"): ("blobs {whole} --json --check {folder}",),
    ("diff", "--json"): (
        "diff {whole} {later} --json",
        "diff {whole} {later} --json --fields",
        "diff {whole} {nodeless} --json --fields",
        "diff {odd} {whole} --json --fields",
        "diff {bare} {whole} --json",
    ),
    ("prove", "--json"): (
        "prove {whole} {path} {path}x --json -o {new} --force",
        "prove {whole} --json -o {new} --force --collection {kind} --range a/b..b/a",
    ),
    ("export", "--format jsonl"): (
        "export {whole} --format jsonl -o -",
        "export {odd} --format jsonl -o -",
    ),
    ("export", "--format json"): ("export {whole} --format json -o -",),
    ("export", "--format jsonl --unlinked"): (
        "export {twice} --format jsonl --unlinked -o -",
    ),
    ("export", "--format json --unlinked"): (
        "export {twice} --format json --unlinked -o -",
    ),
    ("build", "--json"): ("build {lines} --json -o {new} --force",),
    ("rewrite", "--json"): ("rewrite {twice} --json -o {new} --force",),
    ("merge", "--json"): ("merge {whole} {later} --json -o {new} --force",),
    ("salvage", "--json"): (
        "salvage {cut} --json",
        "salvage {nodeless} --json",
        "salvage {page} --json",
        "salvage {damaged} --json -o {new} --records {newer} --force",
    ),
    ("salvage", "--records"): ("salvage {nodeless} --records -",),
    ("fleet write", "--json"): (
        "fleet {whole} {page} {none} {folder} --json -o {data}",
        "fleet write {whole} --json -o {data}",
    ),
    ("fleet summary", "--json"): ("fleet summary {data} --json",),
    ("cache ls", "--json"): ("cache ls --json --cache-dir {cache}",),
}
"""Command and options → what is run for it, of the files below."""


LISTS = ("--collections", "--unlinked", "--duplicates", "--shared", "--two-roles")
OF_ANY_FILE = (
    *("verify {} --json -v", "verify {} --format jsonl", "info {} --json"),
    *("ls {} --json", "mst {} --json", "blobs {} --json", "salvage {} --json"),
    *(f"ls {{}} --json {option}" for option in LISTS),
)
"""What is run for every file of the corpus."""


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Sound and broken files by name, and words to ask about them."""
    folder = tmp_path_factory.mktemp("files")
    images = folder / "images"
    images.mkdir()
    saved(images / "a", b"a file of no record")
    names = {name: str(saved(folder / name, data)) for name, data in made().items()}
    with Repo.load(names["whole"]) as repo:
        top = str(repo.tree.top)
        repoview.export.write(repo, folder / "lines.jsonl")
    fleet.write([names[name] for name in ("cut", "damaged")], folder / "data")
    return names | {
        "path": PATH,
        "kind": KIND,
        "top": top,
        "folder": str(images),
        "lines": str(folder / "lines.jsonl"),
        "none": str(folder / "none.car"),
        "new": str(folder / "new.car"),
        "newer": str(folder / "new.jsonl"),
        "cache": str(cache_in(folder)),
        "data": str(folder / "data"),
    }


def cache_in(folder: Path) -> Path:
    """Make a cache that has one entry."""
    cache = Cache(folder / "cache")
    write(cache, identify(folder / "whole"), {"some": b"bytes"})
    return cache.folder


def made() -> dict[str, bytes]:
    """Return files of many kinds by name."""
    values = {path: {**IMAGE, "$type": path.partition("/")[0]} for path in many(60)}
    whole = make_repo(values)
    head, parts = parts_of(whole)
    other = {**values, PATH: {**IMAGE, "$type": KIND, "n": 1}, f"{KIND}/new": {}}
    del other[f"{KIND}/000000"]
    later = make_repo(other, rev=LATER)
    same: dict[str, Any] = {
        f"com.example.{x}/1": {"$type": "com.example.a"} for x in "ab"
    }
    roles, odd = (
        next(case for case in CASES if case.code == code).build().data
        for code in ("MST025", "KEY001")
    )
    return {
        "whole": whole,
        "later": later,
        "cut": without_last_section(whole),
        "damaged": damaged_top(whole),
        "nodeless": car_of(whole, head, [*parts[:2], *parts[3:]]),
        "twice": whole + whole[parts[0].offset : parts[0].end] + later[len(head) :],
        "blocks": car_of(whole, NO_ROOTS, parts[-2:]),
        "bare": car_of(whole, encode_header([parts[1].cid]), parts[1:]),
        "shared": make_repo(same),
        "roles": roles,
        "odd": odd,
        "page": b"<!doctype html><title>502 Bad Gateway</title>",
        "frame": event().data,
        "events": event().data + event(seq=9).data,
    }


def outputs() -> Iterator[tuple[str, Output]]:
    """Yield every command with what it prints."""
    for command, told in OUTPUTS.items():
        for output in told:
            yield command.removeprefix("repoview "), output


def commands(
    group: click.Group, names: tuple[str, ...] = ()
) -> Iterator[tuple[str, click.Command]]:
    """Yield all commands with their names, those below others too."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield " ".join((*names, name)), command
        if isinstance(command, click.Group):
            yield from commands(command, (*names, name))


def test_every_command_with_json_has_a_schema() -> None:
    """Each option that prints JSON is told of, by its name."""
    wanted = set()
    for name, command in commands(root):
        for param in command.params:
            if "--json" in param.opts:
                wanted.add((name, "--json"))
            if isinstance(param.type, click.Choice) and "--format" in param.opts:
                forms = {"json", "jsonl"} & {*map(str, param.type.choices)}
                wanted |= {(name, f"--format {form}") for form in forms}
    wanted.remove(("verify", "--format json"))  # The same as --json.
    told = {(name, output["with"]) for name, output in outputs()}
    assert wanted <= told
    assert wanted


def test_the_schemas_are_schemas() -> None:
    """Of the draft that the document names."""
    for schema in SCHEMAS.values():
        Draft202012Validator.check_schema(schema)


def test_every_output_is_run() -> None:
    """So that no schema is told that nothing was held to."""
    assert [(name, output["with"]) for name, output in outputs()] == [*RUNS]


@pytest.mark.parametrize(
    ("name", "output"),
    [
        pytest.param(*each, id=" ".join((each[0], each[1]["with"])))
        for each in outputs()
    ],
)
def test_what_is_printed_is_of_its_schema(
    run: Program, files: dict[str, str], name: str, output: Output
) -> None:
    """With no key but those that the schema names."""
    found = 0
    for line in RUNS[name, output["with"]]:
        outcome = run(*line.format(**files).split())
        assert outcome.code != 2, (line, outcome.err)
        found += check_output(outcome.out, output)
    assert found


@pytest.mark.parametrize("family", [*FAULTS, "legal"])
def test_what_is_printed_of_broken_files_is_too(
    run: Program, tmp_path: Path, family: str
) -> None:
    """By every command that reads any file; of most files by the first.

    What `verify` prints depends on what is wrong, and the rest on what is left.
    """
    told = {(name, output["with"]): output for name, output in outputs()}
    light = {case.id for case in LIGHT_CASES}
    cases = LEGAL if family == "legal" else FAULTS[family]
    for case in cases:
        if case.id not in light and case.code:
            continue
        path = saved(tmp_path / f"x{case.suffix}", case.build().data)
        with Repo.load(path) as repo:
            are_blocks = repo.report.shape is FileShape.BLOCKS
            are_events = repo.frame is not None and repo.frame.has_next
        all_of_them = case in ONE_OF_EACH or not case.code
        for line in OF_ANY_FILE if all_of_them else OF_ANY_FILE[:1]:
            name, _, *options = line.split()
            output = told[name, " ".join(options).removesuffix(" -v")]
            if name == "verify" and are_events:
                output = told[name, EVENTS if "jsonl" in options else SEVERAL]
            elif name == "ls" and are_blocks and not options[1:]:
                output = told[name, "--json, of blocks without a tree"]
            outcome = run(*line.format(path).split())
            if are_events and outcome.code == WRONG_USAGE:
                assert "choose one with --frame" in outcome.err
                continue
            assert outcome.code in EXIT_CODES.values(), (line, outcome.err)
            check_output(outcome.out, output)
