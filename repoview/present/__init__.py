"""Values as readable text; the one door between a repository and a screen.

Everything that an account or a host could have chosen passes `safe` (or
`safe_lines`, or a function here that calls them) before it reaches a terminal,
a window title or a log. Nothing here depends on screens or command lines.

`text` makes strings safe and formats sizes, dates and CIDs; `values` formats
records, `summaries` sums one up in a line; `findings` and `verdicts` put these
into words.
"""

from __future__ import annotations

from repoview.core.wording import count_text
from repoview.present.events import event_name, event_sentence
from repoview.present.findings import (
    effects_text,
    finding_details,
    finding_headline,
    finding_lines,
    labelled_lines,
    message_text,
    place_text,
    wrapped,
)
from repoview.present.shapes import (
    part_text,
    shape_sentence,
    shape_text,
    told_counts,
)
from repoview.present.summaries import LookUp, summary
from repoview.present.text import (
    are_text,
    cells,
    date_text,
    fit,
    percent_text,
    range_text,
    safe,
    safe_lines,
    safe_word,
    short_cid,
    size_text,
    tid_date,
)
from repoview.present.values import json_text, value_lines
from repoview.present.verdicts import (
    completeness_text,
    end_text,
    has_hidden,
    meaning_text,
    missing_text,
    policy_text,
    signature_text,
    verdict_sentence,
    verdict_style,
    verdict_word,
    verdicts_text,
    waste_text,
)

__all__ = [
    "LookUp",
    "are_text",
    "cells",
    "completeness_text",
    "count_text",
    "date_text",
    "effects_text",
    "end_text",
    "event_name",
    "event_sentence",
    "finding_details",
    "finding_headline",
    "finding_lines",
    "fit",
    "has_hidden",
    "json_text",
    "labelled_lines",
    "meaning_text",
    "message_text",
    "missing_text",
    "part_text",
    "percent_text",
    "place_text",
    "policy_text",
    "range_text",
    "safe",
    "safe_lines",
    "safe_word",
    "shape_sentence",
    "shape_text",
    "short_cid",
    "signature_text",
    "size_text",
    "summary",
    "tid_date",
    "told_counts",
    "value_lines",
    "verdict_sentence",
    "verdict_style",
    "verdict_word",
    "verdicts_text",
    "waste_text",
    "wrapped",
]
