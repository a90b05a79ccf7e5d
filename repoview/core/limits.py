"""Every bound on hostile input, each with its reason.

The account chooses every record and key, the host every byte. What is over a
bound is a finding or a `LimitExceeded`, never a crash and never a long wait.
"""

from __future__ import annotations

import sys
from typing import Final

KiB: Final = 1024
MiB: Final = 1024 * KiB

READ_CHUNK: Final = 1 * MiB
"""Bytes asked for at a time while loading: big enough that calls cost nothing,
small enough that a cancel is seen at once."""

MAX_HEADER: Final = 1 * MiB
"""A header holds one root of about 40 bytes; a larger one is an attack."""

MAX_ROOTS_SHOWN: Final = 100
"""Roots kept from a header; an honest repository has one."""

MAX_SECTION: Final = 32 * MiB
"""go-car's bound. Records end at 1 MB, nodes far below it; a section over this
is passed by without being read (CAR024)."""

MAX_CID_BYTES: Final = 100
"""The bound of the atproto data validation guide; a plain CID has 36."""

MAX_MEMBERS: Final = 100_000
"""Members of one gzip file: an empty one takes 20 bytes and, to open, far more
time than they are worth; block-wise packers need 8,192 for 512 MiB."""

MAX_RECORD: Final = 1_000_000
"""The firehose's bound on a record (REC006, BLK006); over it is a warning."""

LARGE_BLOCK: Final = 2 * MiB
"""Other readers refuse blocks from here on (BLK007)."""

FRAME: Final = 5_000_000
"""The event stream's bound on a frame (FRM006); over it is a warning."""

FRAME_BLOCKS: Final = 2_000_000
"""Its bound on the CAR of a commit."""

SYNC_BLOCKS: Final = 10_000
"""Its bound on the CAR of a #sync event, which holds a commit alone."""

OPERATIONS: Final = 200
"""Its bound on the operations of a commit."""

MAX_FRAME: Final = 16 * MiB
"""Bytes that are read of a frame in search of its end."""

FRAME_FIELDS: Final = 256 * KiB
"""Bytes of a frame beside its CAR whose encoding is judged: 200 operations have a
tenth of that."""

FRAME_WORK: Final = 5_000_000
"""What passing over a frame may cost, in units of a `Budget`: half a second."""

MAX_OPERATIONS: Final = 1_000
"""Operations of a frame that are read: each costs a way down the tree."""

MAX_NESTING: Final = 128
"""Depth at which decoding stops (CBR017): real records reach 18."""

DEEP_NESTING: Final = 32
"""The guide's bound on nesting (REC010); over it is a warning."""

MAX_BLOCK_ITEMS: Final = 2_000_000
"""Items decoded of one block: a record of 1 MB has at most half as many, and
each takes some fifty times its byte in memory."""

MAX_ITEMS: Final = 131_072
"""The guide's bound on the items of one container (CBR019)."""

MAX_MAP_KEY: Final = 8_192
"""The guide's bound on the bytes of a map key (CBR019)."""

MAX_VALUES: Final = 1_000_000
"""Items of a faulty block that are kept as values: one of two bytes takes 70.
More than any record of `MAX_RECORD` bytes can have."""

MAX_SPANS: Final = 100_000
"""Spans that explain a block byte by byte; honest records have a few hundred."""

FAULTS_A_BLOCK: Final = 100
"""Faults kept for one block: more would not help to understand it."""

FINDINGS_A_CODE: Final = 100
"""Findings kept for one code; the rest are counted (LIM002)."""

MOST_FINDINGS: Final = 1_000
"""Findings of one code that a reader can have kept: of all codes together, some
hundred megabytes in the worst file."""

MAX_SKIPPED: Final = 100_000
"""CIDs of a skip list: some ten megabytes, and each is looked up once."""

MANY_ENTRIES: Final = 64
"""Entries of a node from which it is unusual (MST019): chance 1 in 10**8."""

TOO_MANY_ENTRIES: Final = 200
"""Entries of a node from which its keys were mined (MST020): 1 in 10**25."""

MAX_ENTRIES: Final = 8_192
"""Entries read of one node; indigo and atcute refuse more."""

HIGH_TREE: Final = 24
"""Depth of a top node from which it was mined (MST021): 4**24 hashes a key."""

MAX_TREE: Final = 129
"""Nodes on a way down: depths 128 to 0, for SHA-256 has 128 bit pairs."""

MAX_KEY: Final = 4_096
"""Bytes of an MST key: legal ones end at 830; checked before prefixes are
joined, for these could otherwise grow with the square of the node."""

LONG_KEY: Final = 1_024
"""The reference implementation and indigo refuse keys over this (KEY010)."""

OLD_LONG_KEY: Final = 256
"""Older readers refuse keys over this (KEY011)."""

MAX_CASE_BYTES: Final = 8 * MiB
"""Bytes of keys with capital letters, of one collection, that are held to be
compared with others (KEY012): some 30,000, more than people choose by hand."""

KEPT_TYPES: Final = 4_096
"""`$type`s of blocks that are kept; honest accounts have some dozens. Of another
one, the walk reads the block again."""

MAX_DOMAIN: Final = 253
MAX_NSID: Final = 317
MAX_RKEY: Final = 512
MAX_DID: Final = 2_048
"""Bounds of the atproto syntax specifications, in characters."""

MEMORY: Final = 512 * MiB
"""Bytes that blocks, records and nodes may take together in memory, indexed."""

DISK: Final = 16 * 1024 * MiB
"""Bytes that may be kept on disk, where anything may."""

MOST_BYTES: Final = sys.maxsize
"""Of a limit of memory or disk: no machine can count to more."""

MOST_THREADS: Final = 64
"""More only wait for the one that writes the index."""

UNLINKED_LOOKED_AT: Final = 10_000
"""Unlinked blocks read to tell what they look like (BLK011, BLK012)."""

RECOVERY_BLOCKS: Final = 1_000_000
"""Blocks read in search of a commit when the root gives none."""

TRIALS: Final = 4
LEAST_TRIALS: Final = 64 * MiB
"""A search for lost blocks may hash in vain this many times the bytes of the
source, and so many bytes besides: damage by chance takes less than one time."""

LOSSES: Final = 64
LOSS_WINDOW: Final = 16 * MiB
LOSS_TRIALS: Final = 4 * LOSS_WINDOW
"""Reading finds the next section again where a length leads nowhere: so often, in
so many bytes each time, and hashing so many in vain in all. Then reading ends, and
a search for lost blocks goes further."""

MOST_GAPS: Final = 1_000_000
"""Pieces of a source that such a search comes back to: 16 MB."""

CLOCK_DRIFT_SECONDS: Final = 300
"""How far ahead of our clock a rev may be (COM011), as relays have it."""

MAX_SELECTION: Final = 10_000
MAX_SELECTION_NESTING: Final = 64
"""Characters of a selection, and how deep parentheses and denials are in it: what
people type is far below, and the parser may recurse."""
