"""Tests of `repoview.core.verify`."""
