"""Proofs of one repo path, present or absent, as blocks that prove it elsewhere.

Entry point: `build_proof`. What a file proves is answered by `repo.proof`.
"""
