"""Facts about the spans of a block: what is said of them, and of which field."""

from __future__ import annotations

from repoview import Repo
from repoview.core.formats.dagcbor.strict import encode
from repoview.present.anatomy.remarks import block_remarks
from repoview.tui.values.hex_spans import hex_spans
from repoview.tui.values.structure import Structure
from tests.core.repos import make_repo, many


def test_the_bytes_of_a_node_are_told_by_their_fields() -> None:
    """Each stretch of an entry is of one of its fields, and remarks stand with it."""
    with Repo.load(make_repo(many(50))) as repo:
        data = repo.tree.data(0)
    spans = hex_spans(data, Structure(data, block_remarks(data)))
    fields = {span.field for span in spans}
    assert fields == {"", "e", "k", "p", "v", "t", "l"}
    assert any("the first key of a node" in span.meaning for span in spans)
    keys = [span.meaning for span in spans if span.field == "k"]
    assert any(words.startswith('"com.example.') for words in keys)
    assert [span.start for span in spans[1:]] == [span.end for span in spans[:-1]]


def test_the_bytes_of_a_record_are_of_no_field() -> None:
    """Their fields are the account's own."""
    data = encode({"$type": "a.b.c", "k": 1})
    assert {span.field for span in hex_spans(data, Structure(data))} == {""}
