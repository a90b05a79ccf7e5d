"""Tests of `repoview.core.formats`."""
