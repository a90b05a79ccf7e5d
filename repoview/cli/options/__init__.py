"""The options of commands: those that all share, and the types that options have."""
