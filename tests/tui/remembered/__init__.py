"""Tests of `repoview.tui.remembered`."""
