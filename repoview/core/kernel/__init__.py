"""The seam, its twin in Python, and which of the two twins runs.

It accepts and never diagnoses: a sound block is passed by, any other handed
over.
"""
