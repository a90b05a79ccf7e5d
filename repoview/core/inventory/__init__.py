"""What a file holds, counted and listed: an inventory, made when it is asked for.

`inventory` is the door: unlinked blocks by kind. Nothing here is computed while
a file is verified, and what is listed is yielded, never held.
"""
