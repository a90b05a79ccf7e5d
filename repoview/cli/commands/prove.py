"""`repoview prove`: a small CAR that proves paths and ranges to anybody."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from repoview.cli.car_output import car_options, refuse_car
from repoview.cli.command import Command
from repoview.cli.judging.judging import checks_of, reading_options
from repoview.cli.options.key_ranges import RangeText, TypedRange, collection_range
from repoview.cli.options.options import Run, common_options, source_argument
from repoview.cli.words import path_in, tree_fault
from repoview.core.formats.syntax import is_nsid
from repoview.present import count_text, json_text, safe, size_text
from repoview.signals import on_ending

if TYPE_CHECKING:
    from collections.abc import Iterator

    from repoview.core.errors import NotFound
    from repoview.core.proof.parts import BuiltParts, WrittenProof
    from repoview.core.repo.repo import Repo

EXAMPLES: Final = """\
Examples:
  repoview prove repo.car app.bsky.actor.profile/self -o proof.car
  repoview prove repo.car app.bsky.feed.post/3l7zzzzzzzzzz -o absent.car
  repoview prove repo.car PATH1 PATH2 -o proof.car
  repoview prove repo.car --collection app.bsky.feed.post -o posts.car
  repoview prove repo.car --range com.example.a/1..com.example.b/9 -o some.car
  repoview prove repo.car --range 'app.bsky.graph.*' -o graph.car

A PATH is a collection and a record key, as ls prints it, or an AT URI. One that
is not there is proved absent. Of a range or collection all keys are proved,
that there are no others, and the keys beside it.

The CAR has the commit, the nodes on the way, and the records: whoever has it
and the account's key needs nothing else to be sure. They check it so:
  repoview verify proof.car --path PATH --did-doc did.json
  repoview verify absent.car --absent PATH --did-doc did.json
  repoview verify posts.car --range 'app.bsky.feed.post/*' --did-doc did.json

SOURCE may be a part of a repository. What is written is read again, and must
prove the same, before it gets its name.

Exit codes:
  0   it was written
  10  a block is missing or damaged: nothing can be proved, nothing was written
  11  it was written, but the commit is wrong, or its signature
  12  there is no repository in SOURCE: nothing was written
"""


@click.command(cls=Command, epilog=EXAMPLES)
@source_argument
@click.argument("paths", metavar="[PATH]...", nargs=-1)
@click.option(
    "--range",
    "ranges",
    type=RangeText(),
    metavar="A..B",
    multiple=True,
    help="All keys from A to B, both included; or PREFIX*. Repeatable.",
)
@click.option(
    "--collection",
    "collections",
    metavar="NAME",
    multiple=True,
    help="All keys of a collection. Repeatable.",
)
@click.option("--neighbors", is_flag=True, help="Prove the keys beside each PATH, too.")
@car_options("Print what it proves as JSON.")
@reading_options
@common_options
def command(
    run: Run,
    source: str,
    paths: tuple[str, ...],
    *,
    destination: str,
    ranges: tuple[TypedRange, ...],
    collections: tuple[str, ...],
    neighbors: bool,
    force: bool,
    as_json: bool,
    **reading: Any,  # noqa: ANN401 (as `checks_of` takes it)
) -> None:
    """Write a CAR that proves each PATH of SOURCE present, or absent."""
    from repoview.cli.pages.claims import commit_faults, insist_on_paths
    from repoview.cli.reading import target_of
    from repoview.core.repo.begin import begin
    from repoview.core.repo.repo import finish

    checks = checks_of(**reading)
    spans = [*ranges, *map(collection_range, collections)]
    if not (paths or spans):
        raise click.UsageError("name a PATH, a --range or a --collection")
    _refuse_collections(paths)
    insist_on_paths(paths, checks.profile.value)
    refuse_car(run, [source], destination, force=force, as_json=as_json)
    with run.bar() as bar:
        repo = finish(begin(target_of(source), run.options(checks), name=source), bar)
    with repo:
        run.refuse_events(source, repo)
        built = _build(run, repo, paths, spans, neighbors=neighbors)
        written = _write(run, built, destination, force=force)
        if commit_faults(repo.report):
            run.exit_code = repo.report.exit_code
            run.parting.append(
                f"the commit of {repo.name} is wrong: see repoview verify"
            )
        if as_json:
            run.console.line(json_text(_summary(built, spans, written, destination)))
        elif not run.quiet:
            run.parting[:0] = _sentences(built, spans, written, destination)


def _build(
    run: Run,
    repo: Repo,
    paths: tuple[str, ...],
    spans: list[TypedRange],
    *,
    neighbors: bool,
) -> BuiltParts:
    from repoview.core.errors import NotFound
    from repoview.core.proof.parts import build_parts
    from repoview.core.verify.report import EXIT_CODES, Verdict

    named = [path_in(repo, path) for path in paths]
    try:
        return build_parts(
            repo, named, [each.keys for each in spans], neighbors=neighbors
        )
    except NotFound as error:
        is_read = repo.report.verdict is not Verdict.UNREADABLE
        verdict = Verdict.INCOMPLETE if is_read else Verdict.UNREADABLE
        run.exit_code = EXIT_CODES[verdict]
        if is_read:
            raise NotFound(f"{repo.name}: {_unproved(error, spans)}") from None
        raise NotFound(f"nothing can be proved: {tree_fault(repo)}") from None


def _unproved(error: NotFound, spans: list[TypedRange]) -> str:
    """Return why nothing is proved; of a range, with the text that names it."""
    from repoview.core.proof.parts import RangeNotProved

    if not isinstance(error, RangeNotProved):
        return str(error)
    text = next(span.text for span in spans if span.keys == error.proof.keys)
    return f"nothing is proved of {safe(text, 200)}: {error.proof.why}"


def _refuse_collections(paths: tuple[str, ...]) -> None:
    """Refuse a collection where a path is wanted, with what is meant instead."""
    for path in paths:
        if is_nsid(path):
            raise click.BadParameter(
                f"{path} is a collection: --collection {path} proves all its records, "
                "and a PATH names one, as in app.bsky.feed.post/3l7…",
                param_hint="PATH",
            )


def _write(
    run: Run, built: BuiltParts, destination: str, *, force: bool
) -> WrittenProof:
    from repoview.export.proved.proving import write_proof

    with run.bar() as bar, on_ending():
        if destination == "-":
            return built.write_car(run.console.binary().write, bar)
        return write_proof(built, Path(destination), bar, force=force)


def _sentences(
    built: BuiltParts, spans: list[TypedRange], written: WrittenProof, destination: str
) -> Iterator[str]:
    size = f"{count_text(written.blocks, 'block')}, {size_text(written.size)}"
    yield f"wrote {destination}: {size}"
    for proof in built.paths:
        yield f"it proves {safe(proof.path, 200)} {proof.answer.value}"
    for span, proved in zip(spans, built.ranges, strict=True):
        text, keys = safe(span.text, 200), count_text(proved.records, "key")
        if proved.records:
            yield f"it proves all of {text}: {keys}, and no others"
        else:
            yield f"it proves that there is no key in {text}"


def _summary(
    built: BuiltParts, spans: list[TypedRange], written: WrittenProof, destination: str
) -> dict[str, Any]:
    """Return the object that ``--json`` prints."""
    return {
        "destination": destination,
        "root": str(built.root),
        "blocks": written.blocks,
        "bytes": written.size,
        "paths": [each.to_json(each.answer) for each in built.paths],
        "ranges": [
            {"range": span.text, "records": proof.records, **proof.to_json()}
            for span, proof in zip(spans, built.ranges, strict=True)
        ],
    }
