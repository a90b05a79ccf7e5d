"""JSON schemas (draft 2020-12) of what commands print for programs.

They say what each key holds, and which are always there. What is made of other
schemas refers to them by name, as in ``#/schemas/finding`` of the document.
"""
