"""Tests of `repoview.core.edit`."""
