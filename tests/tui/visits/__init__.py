"""Tests of `repoview.tui.visits`."""
