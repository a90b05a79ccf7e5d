"""Tests of `repoview.core.opening`."""
