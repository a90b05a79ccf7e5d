"""The formats, and nothing else: bytes to values, and each rule's judgement.

CAR, DAG-CBOR, tree nodes, commits, keys and records. Sans-I/O: functions from
bytes to values and faults.
"""
