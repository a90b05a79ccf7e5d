"""Tests of `repoview.core.index`."""
