"""DAG-CBOR, the encoding of all blocks: read strictly, explained, looked into.

Entry points: `strict` decodes, encodes, diagnoses and annotates; `lazy` looks into a
block without decoding all of it; `rules`, `spans` and `text_spans` say what was
met. `items` and `diagnose` are private.
"""
