"""Tests of `repoview.core.source`."""
