"""Tests of `repoview.tui.screens.dialogs`."""
