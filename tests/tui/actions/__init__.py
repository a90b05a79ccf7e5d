"""Tests of `repoview.tui.actions`."""
