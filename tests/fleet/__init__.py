"""Tests of `repoview.fleet`."""
