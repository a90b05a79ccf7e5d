"""Tests of `repoview.core.kernel`."""
