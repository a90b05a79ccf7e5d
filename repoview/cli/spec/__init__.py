"""`repoview --spec`: everything that a program needs to know, as one document."""
