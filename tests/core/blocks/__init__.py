"""Tests of `repoview.core.blocks`."""
