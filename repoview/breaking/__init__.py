"""Every rule broken on purpose: files with one fault, beside what they are without it.

`cases` finds them, `judged` has the engine judge them, `beside` compares their
bytes, and `page` tells it all. Nothing is drawn here, and nothing is scripted:
what a page says is computed from the two files when it is asked for.
"""
