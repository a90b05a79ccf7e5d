"""One record, node or block: as JSON, as bytes, and its proof path."""
