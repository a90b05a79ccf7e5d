"""What outlives a visit: the reader's own settings, and what is remembered.

`config` is read and never written, `state` is both; `files` are small, private
to the user, whole or not there. Nothing here knows screens.
"""
