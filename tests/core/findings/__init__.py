"""Tests of `repoview.core.findings`."""
