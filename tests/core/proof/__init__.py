"""Tests of `repoview.core.proof`."""
