"""The record pane: a record, node or block as JSON, bytes and proof path."""
