"""Tell what a CID is in a repository, and show the record if it is one."""

import sys

import repoview


def what_is(path: str, cid: str) -> str:
    """Return a sentence about the block that a CID names."""
    with repoview.open(path) as repo:
        place = repo.locate_cid(repoview.Cid.parse(cid))
        if place is None:
            return "no block of this file, and no link of its tree"
        if place.what == "record":
            record = repo.record(place.number)
            return f"the record {record.path}: {dict(record.value)}"
        if place.what == "node":
            node = repo.tree.node(place.number)
            return f"a node at depth {node.depth}, over {node.record_count:,} records"
        return f"a block at byte {place.number:,} that no record uses"


if __name__ == "__main__":
    print(what_is(sys.argv[1], sys.argv[2]))
