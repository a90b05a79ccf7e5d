"""Tests of `repoview.core.diff`."""
