"""Tests of `repoview.core.load`."""
