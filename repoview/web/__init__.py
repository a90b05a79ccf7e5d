"""The explorer and the lessons in a browser on the same machine.

`server` answers on the loopback only, `page` is what it sends, and `program` is
the process behind one page, which draws as on a terminal. The pages use the
script and the protocol of textual-serve; its server is not used, since it
believes any host and origin, and its page loads a font from elsewhere.
"""
