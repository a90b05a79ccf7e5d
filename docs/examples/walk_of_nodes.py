"""Walk the Merkle Search Tree from the top, and count its nodes by depth."""

import sys
from collections import Counter

import repoview


def nodes_by_depth(path: str) -> Counter[int | None]:
    """Return how many nodes there are at each depth; None where it is unknown."""
    counts: Counter[int | None] = Counter()
    with repoview.open(path) as repo:
        todo = [0] if len(repo.tree) else []
        while todo:
            node = repo.tree.node(todo.pop())
            counts[node.depth] += 1
            children = repo.tree.children(node.number)
            todo += [child for child in children if isinstance(child, int)]
    return counts


if __name__ == "__main__":
    for depth, count in sorted(nodes_by_depth(sys.argv[1]).items(), key=str):
        print(f"depth {depth}: {count:,} nodes")
