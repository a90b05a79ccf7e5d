"""What the files of a data set are sorted by; apart, so that it loads nothing else."""

from __future__ import annotations

from enum import StrEnum


class By(StrEnum):
    """What repositories are sorted by; each is a column of `repos/`."""

    SOURCE = "source"
    DID = "did"
    REV = "rev"
    VERDICT = "verdict"
    RECORDS = "records"
    BYTES = "bytes"
    BLOCKS = "blocks"
    COLLECTIONS = "collections"
    MISSING = "missing"
    ERRORS = "errors"
    WARNINGS = "warnings"
    SECONDS = "seconds"
