"""Tests of `repoview.tui.widgets`."""
