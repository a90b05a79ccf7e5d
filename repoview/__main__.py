"""``python -m repoview``: the command line."""

from __future__ import annotations

from repoview.cli import program

if __name__ == "__main__":
    program()
