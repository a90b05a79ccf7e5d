"""Tests of `repoview.core.block_table`."""
