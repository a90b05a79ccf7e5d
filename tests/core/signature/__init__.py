"""Tests of `repoview.core.signature`."""
