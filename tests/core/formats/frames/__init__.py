"""Tests of `repoview.core.formats.dagcbor`."""
