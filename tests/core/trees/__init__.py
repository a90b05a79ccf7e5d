"""Tests of `repoview.core.trees`."""
