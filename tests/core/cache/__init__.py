"""Tests of `repoview.core.cache`."""
