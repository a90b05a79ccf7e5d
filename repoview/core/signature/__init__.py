"""Who signed a commit: keys, DID documents, and the judgement of a signature.

A signature is ECDSA over SHA-256, on one of two curves. The caller gives the key
to check it with, or the DID document of the account. A signature that no key
could accept is wrong even without one.

Entry points: `judge` (of a commit), `keys` and `documents` (of what a caller gives).

Source: atproto cryptography; atproto repository v3, "Commit Objects".
"""
