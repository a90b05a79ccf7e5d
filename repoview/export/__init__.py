"""What goes out of a repository: one format a file, one shape for all.

`select` says which records, `destination` how a file comes to be, `formats`
which formats there are. A format writes what was selected and returns what it
wrote and what it had to leave out: nothing is lost silently.
"""
