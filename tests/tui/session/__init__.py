"""Tests of `repoview.tui.session`."""
