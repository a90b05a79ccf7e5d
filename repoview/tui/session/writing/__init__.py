"""What dialogs write to files: exports, proofs, differences, what is saved."""
