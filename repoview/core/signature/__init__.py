"""Who signed a commit: keys, DID documents, and the judgement of a signature.

A signature is ECDSA over SHA-256, on one of two curves, and which key to hold
it to is the caller's to say: a key, or the DID document of the account. What
no key could accept is wrong without one.

Doors: `judge` (of a commit), `keys` and `documents` (of what a caller gives).

Source: atproto cryptography; atproto repository v3, "Commit Objects".
"""
