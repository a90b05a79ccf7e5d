"""The engine: from bytes to facts.

Prints nothing, reads no environment (but the switch in `kernel`), and knows
neither screens nor command lines.
"""
