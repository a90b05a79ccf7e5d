"""Answers for ranges of keys (`verify --range`), and the keys that are in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from repoview.cli.pages.as_json import are_plain
from repoview.cli.pages.inventory_lists import one_field
from repoview.core.proof.ranges import prove_range, range_records
from repoview.core.repo.inside import inside
from repoview.present import count_text, json_text, safe, wrapped

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from repoview.cli.options.key_ranges import TypedRange
    from repoview.cli.options.options import Run
    from repoview.core.proof.ranges import RangeProof
    from repoview.core.repo.repo import Repo

STYLES: Final = {"proved": "good", "disproved": "bad", "unknown": "doubt"}
_MISSING: Final = "\tmissing"


class Span(NamedTuple):
    """A range of keys, and what the blocks prove of it."""

    typed: TypedRange
    proof: RangeProof

    @property
    def told(self) -> str:
        """proved, disproved or unknown."""
        return self.proof.answer


def spans_of(repo: Repo, ranges: Iterable[TypedRange]) -> list[Span]:
    """Return what the blocks of *repo* prove of each range."""
    return [Span(each, prove_range(repo, each.keys)) for each in ranges]


def span_lines(run: Run, repo: Repo, spans: Iterable[Span]) -> Iterator[str]:
    """Yield each answer, the keys beside the range, and all that are known in it."""
    paint = run.console.paint
    for span in spans:
        word = span.told.upper()
        first, *rest = wrapped(f"{word}: {_said(span)}.", run.console.width)
        yield paint(STYLES[span.told], word) + first.removeprefix(word)
        yield from rest
        beside = span.proof.neighbors
        if beside is not None:
            for name, path in (("before", beside.before), ("after", beside.after)):
                shown = "none" if path is None else safe(path, 400)
                yield f"  {name:<6}  {shown}"
        yield from _key_lines(run, repo, span)
        yield ""


def _key_lines(run: Run, repo: Repo, span: Span) -> Iterator[str]:
    """Yield the keys in a range that are known, and their CIDs."""
    paint = run.console.paint
    if span.proof.numbers is None:
        for linked, is_there in range_records(repo, span.typed.keys):
            more = "" if is_there else paint("doubt", _MISSING)
            cid = paint("dim", str(linked.cid))
            yield f"{one_field(run, linked.key)}\t{cid}{more}"
        return
    for some, paths, cids in inside(repo).listed(span.proof.numbers):
        keys = map(inside(repo).index.key, some)
        shown = paths if are_plain(paths) else [one_field(run, key) for key in keys]
        for path, cid in zip(shown, cids, strict=True):
            yield f"{path}\t{paint('dim', cid)}"


def _said(span: Span) -> str:
    keys = count_text(span.proof.records, "key")
    text, why = safe(span.typed.text, 400), span.proof.why
    if span.told == "proved":
        return f"{keys} in {text}, and no others: {why}"
    return f"what keys are in {text} cannot be told ({keys} known): {why}"


def span_pieces(repo: Repo, span: Span) -> Iterator[str]:
    """Yield the pieces of the object that JSON has of a range."""
    told = {"range": span.typed.text, **span.proof.to_json()}
    yield json_text(told, None)[:-1] + ',"records":['
    lead = ""
    for objects in _key_objects(repo, span):
        yield lead + ",".join(objects)
        lead = ","
    yield "]}"


def _key_objects(repo: Repo, span: Span) -> Iterator[list[str]]:
    """Yield what JSON has of the keys in a range that are known, many together."""
    if span.proof.numbers is None:
        for linked, is_there in range_records(repo, span.typed.keys):
            yield [_key_object(linked.path, str(linked.cid), missing=not is_there)]
        return
    for _, paths, cids in inside(repo).listed(span.proof.numbers):
        pairs = zip(paths, cids, strict=True)
        if are_plain(paths):
            yield [
                f'{{"path":"{path}","cid":"{cid}","missing":false}}'
                for path, cid in pairs
            ]
        else:
            yield [_key_object(path, cid, missing=False) for path, cid in pairs]


def _key_object(path: str, cid: str, *, missing: bool) -> str:
    return json_text({"path": path, "cid": cid, "missing": missing}, None)
