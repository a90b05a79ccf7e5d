"""The pane that steps through a walk, a look-up, a proof, a stream or a diff."""
