"""Facts about sections of text laid out in rows."""

from __future__ import annotations

from rich.style import Style

from repoview.present.styled import Piece, Row, Section
from repoview.tui.widgets.base.sections import section_rows


def test_a_row_that_is_wider_says_that_it_was_cut() -> None:
    """It ends in an ellipsis, in columns; one that fits is left as it is."""
    wide, fits = Row([Piece("ab "), Piece("漢" * 30)]), Row([Piece("漢" * 10)])
    section = Section("", [wide, fits])
    _, cut, whole = section_rows([section], 20, lambda _: Style())
    assert cut.cell_len <= 20
    assert cut.plain.rstrip().endswith("…")
    assert whole.plain == fits.text
