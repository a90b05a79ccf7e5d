"""Repositories and proofs that are read back and proved before they get their name."""
