"""A repository made of records: what an export to JSON lines or a folder undoes.

`entries` reads the records, `encoded` makes blocks of them, `repository` the tree,
the commit and the CAR.
"""
