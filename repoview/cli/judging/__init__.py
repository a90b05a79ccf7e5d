"""How a source is judged, as the command line is given it.

`policy` has the severities, `signer` the key to check the signature with;
`judging` makes `Checks` of both and of the options beside them.
"""
