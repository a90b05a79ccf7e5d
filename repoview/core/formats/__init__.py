"""The formats, and nothing else: bytes to values, and each rule's judgement.

CAR, DAG-CBOR, tree nodes, commits, keys and records. No input or output: what
is here is given bytes, and returns values and faults.
"""
