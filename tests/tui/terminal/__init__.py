"""Tests of `repoview.tui.terminal`."""
