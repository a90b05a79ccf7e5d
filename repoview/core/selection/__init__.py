"""Selections: which records, said in a small language and found by the index.

::

    collection:app.bsky.feed.* time:2024 -text:"good morning"

`parsing` makes a tree of `terms` of it, which print themselves again; `fields`
lists what can be asked, `completing` what fits while it is typed. `plans` makes
of a tree what `selected` goes by: ranges of record numbers where the index alone
answers, and what is left to look at, a batch at a time.
"""
