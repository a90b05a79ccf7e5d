"""What commands print: a part of a page a module, and the JSON beside it.

Each is given the run and what is to be told of a repository, and yields or
writes lines. The options of a command stand with the command.
"""
