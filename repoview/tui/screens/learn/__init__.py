"""The lessons, one lesson, and the sandbox: screens over `repoview.learn`."""
