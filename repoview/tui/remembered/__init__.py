"""What persists between runs: the user's configuration, and the state.

`config` is only read, `state` is read and written; `files` reads and writes
small private files atomically. Nothing here depends on screens.
"""
