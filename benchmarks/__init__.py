"""Measures repoview beside others that read the same repositories.

``python -m benchmarks`` makes its inputs, builds its peers, runs, and prints
one table; ``python -m benchmarks.sources`` does so for sources and limits.
Nothing of the program imports this, and no test measures anything.
"""
