"""Tests of `repoview.tui.screens`."""
