"""Lessons about repositories: texts, small repositories that change, and checks.

A lesson is a TOML file (`lesson`) about a small repository in memory (`world`).
Its task is solved when facts (`facts`) that are computed from the bytes of that
repository are as its goals say, whatever was done to get there (`play`).
`shelf` finds lessons, `check` judges one, `page` sets one as text. Nothing here
draws a screen.
"""
