"""A generator of a synthetic sample repository: realistic, varied, and valid.

`write_sample` makes one of any size, deterministically: the same number of
records gives the same bytes. Accounts, pictures and posts are made up; domains
are reserved ones (``example.com``). The signing key is public, in the source.
"""

from __future__ import annotations

from repoview.sample.signing import SIGNING_KEY
from repoview.sample.write import Sample, write_sample

__all__ = ["SIGNING_KEY", "Sample", "write_sample"]
