"""A sample repository: believable, varied, and right to the last byte.

`write_sample` makes one of any size, always the same for the same number of
records. Accounts, pictures and posts in it are made up; its domains are those
kept for examples. The key that signs it is in the source, for anyone to use.
"""

from __future__ import annotations

from repoview.sample.write import SIGNING_KEY, Sample, write_sample

__all__ = ["SIGNING_KEY", "Sample", "write_sample"]
