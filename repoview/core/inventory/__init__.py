"""What a file holds, counted and listed: an inventory, made when it is asked for.

Unlinked blocks, copies, records of several keys, bytes, order, blobs. Nothing
of it is computed while a file is verified, and lists are yielded, never held.

`inventory` is the entry point; the values that it gives are in the modules named for
them. `blob_items` is private.
"""
