"""Tests of `repoview.core.repo`."""
