"""What people choose about the values in an export; the same for all formats."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, Final

from repoview.present import json_text

MOST_EXACT: Final = 2**53 - 1
"""The greatest integer that every reader of JSON keeps: many have only doubles."""

_MANY_DIGITS: Final = re.compile(r"[0-9]{16}")


@dataclass(frozen=True, slots=True)
class Style:
    """How values are written."""

    big_as_text: bool = False
    """Whether integers beyond 2^53 are written as strings, as JavaScript needs."""

    raw_csv: bool = False
    """Whether cells of CSV that a spreadsheet takes for formulas stay as they are."""

    def apply(self, text: str) -> str:
        """Return JSON, on one line, with its integers as chosen."""
        if not self.big_as_text or not _MANY_DIGITS.search(text):
            return text
        return json_text(json.loads(text, parse_int=_exact), None)

    def apply_lines(self, text: bytes) -> bytes:
        """Return lines of JSON, perhaps with commas behind, in the same way."""
        if not self.big_as_text:
            return text
        return "\n".join(map(self._apply_line, text.decode().split("\n"))).encode()

    def _apply_line(self, line: str) -> str:
        bare = line.removesuffix(",")
        return self.apply(bare) + line[len(bare) :]


PLAIN: Final = Style()


def _exact(digits: str) -> Any:  # noqa: ANN401 (a number, or its digits)
    number = int(digits)
    return number if abs(number) <= MOST_EXACT else digits
