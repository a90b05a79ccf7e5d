"""The formats that are not JSON lines, one array or a CAR, one module each.

`texts` gives them the records, each as its JSON; `names` the names of files.
"""
