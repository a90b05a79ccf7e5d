"""Tests of `repoview.tui.values`."""
