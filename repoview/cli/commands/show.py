"""`repoview show`: one record or block, as JSON or as bytes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import click

from repoview.cli.command import Command
from repoview.cli.judging.judging import checks_of, reading_options
from repoview.cli.options.options import (
    Run,
    common_options,
    source_argument,
)
from repoview.cli.pages.hexview import hex_lines, span_lines
from repoview.cli.pages.sections import print_page, print_sections
from repoview.cli.words import no_record, path_in
from repoview.core.cid import DAG_CBOR, Cid
from repoview.core.errors import BlockMissing, CidError, NotFound
from repoview.core.formats.dagcbor import strict as dagcbor
from repoview.present import finding_headline, json_text, size_text, tid_date
from repoview.present.anatomy.remarks import block_remarks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from repoview.core.findings.findings import Finding
    from repoview.core.repo.repo import Record, Repo
    from repoview.present.seeing.page import Page

_FINDINGS_TOLD: Final = 5
HEADER: Final = "header"
"""What stands for the header of the file with --anatomy; no path is so short."""

EXAMPLES: Final = """\
Examples:
  repoview show repo.car app.bsky.actor.profile/self
  repoview show repo.car at://did:plc:…/app.bsky.feed.post/3l7…
  repoview show repo.car bafyreie5737g…              any block by its CID
  repoview show repo.car app.bsky.actor.profile/self --annotate
  repoview show repo.car app.bsky.actor.profile/self --anatomy
  repoview show repo.car header --anatomy            the header of the file
  repoview show repo.car app.bsky.actor.profile/self --explain
  repoview show repo.car app.bsky.actor.profile/self --raw > profile.cbor

In JSON a link is {"$link": "bafy…"} and bytes are {"$bytes": "base64"}. The
bytes are hashed again before they are shown.
"""


@dataclass(frozen=True, slots=True)
class _Shown:
    """The block to show."""

    cid: Cid
    data: bytes
    about: str
    """One line: what it is and where."""

    findings: Sequence[Finding] = ()


@click.command(cls=Command, epilog=EXAMPLES)
@source_argument
@click.argument("what", metavar="PATH-OR-CID")
@click.option("--hex", "form", flag_value="hex", help="Print its bytes in hex.")
@click.option(
    "--annotate",
    "form",
    flag_value="annotate",
    help="Print its bytes beside what they mean; -v prints all of long texts.",
)
@click.option(
    "--anatomy",
    "form",
    flag_value="anatomy",
    help="Take it apart: its section, its CID, its bytes down to the bits.",
)
@click.option(
    "--explain", "form", flag_value="explain", help="Say what it is, in sentences."
)
@click.option("--raw", "form", flag_value="raw", help="Write its bytes as they are.")
@reading_options
@common_options
def command(
    run: Run,
    source: str,
    what: str,
    *,
    form: str | None,
    **reading: Any,  # noqa: ANN401 (as `checks_of` takes it)
) -> None:
    """Show one record of SOURCE by path, or any block by CID."""
    if form == "raw" and run.console.is_terminal:
        raise click.UsageError(
            "raw bytes would upset a terminal: send them to a file, or use --hex"
        )
    with run.load(source, checks_of(**reading)) as repo:
        if form == "anatomy" and what == HEADER:
            from repoview.present.seeing.anatomy import header_section

            print_sections(run, header_section(repo))
            return
        if form == "explain":
            print_page(run, _page(repo, what))
            return
        shown = _find(run, repo, what, damaged=form is not None)
        if run.verbose:
            run.console.note(shown.about)
        if not run.quiet:
            for each in shown.findings[:_FINDINGS_TOLD]:
                run.parting.append(finding_headline(each))
        if form == "anatomy":
            from repoview.present.seeing.anatomy import block_anatomy

            print_sections(run, block_anatomy(repo, shown.cid))
            return
        _print(run, shown, form)


def _page(repo: Repo, what: str) -> Page:
    """Return the page about a record, node or block."""
    from repoview.present.seeing.any_block import cid_page
    from repoview.present.seeing.records import record_page

    path = path_in(repo, what)
    record = repo.get(path)
    if record is not None:
        return record_page(repo, record.number)
    try:
        return cid_page(repo, Cid.parse(what))
    except CidError:
        raise no_record(repo, path) from None


def _find(run: Run, repo: Repo, what: str, *, damaged: bool) -> _Shown:
    path = path_in(repo, what)
    record = repo.get(path)
    if record is not None:
        return _of_record(run, repo, record, damaged=damaged)
    try:
        cid = Cid.parse(what)
    except CidError:
        raise no_record(repo, path) from None
    block = repo.block(cid, damaged=damaged)
    about = f"{block.role}, {size_text(len(block.data))} at byte {block.offset:,}"
    findings = [f for f in repo.report.findings if f.cid == cid]
    return _Shown(cid, block.data, f"{about}, {block.state}", findings)


def _of_record(run: Run, repo: Repo, record: Record, *, damaged: bool) -> _Shown:
    cid = record.cid
    try:
        block = repo.block(cid, damaged=damaged)
    except BlockMissing as error:
        raise NotFound(f"{record.path} cannot be shown: {error}") from None
    if block.state == "damaged":
        run.parting.append(f"these bytes do not hash to {cid}")
    written = tid_date(record.rkey)
    about = ", ".join(
        part
        for part in (
            f"{record.at_uri} {cid}",
            f"record {record.number:,} of {len(repo):,}",
            f"{size_text(len(block.data))} at byte {block.offset:,}",
            f"record key of {written} UTC" if written else "",
            block.state,
        )
        if part
    )
    return _Shown(cid, block.data, about, record.findings)


def _print(run: Run, shown: _Shown, form: str | None) -> None:
    console = run.console
    match form:
        case "raw":
            console.binary().write(shown.data)
        case "hex":
            console.lines(hex_lines(shown.data, console.paint))
        case "annotate" if shown.cid.codec == DAG_CBOR:
            spans = dagcbor.annotate(shown.data)
            lines = span_lines(
                shown.data,
                spans,
                console.paint,
                whole=run.verbose,
                width=console.width,
                remarks=block_remarks(shown.data),
            )
            console.lines(lines)
        case "annotate":
            run.parting.append(
                "the block is not DAG-CBOR: its bytes cannot be annotated"
            )
            console.lines(hex_lines(shown.data, console.paint))
        case _:
            console.line(json_text(_value(shown)))


def _value(shown: _Shown) -> Any:  # noqa: ANN401 (any record)
    """Return the value of a block, as far as it can be decoded."""
    if shown.cid.codec != DAG_CBOR:
        return shown.data
    return dagcbor.diagnose(shown.data).value
