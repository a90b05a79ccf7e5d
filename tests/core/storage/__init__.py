"""Tests of `repoview.core.storage`."""
