"""Tests of `repoview.tui.app`."""
