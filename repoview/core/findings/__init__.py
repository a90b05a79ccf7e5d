"""Facts about bad data: findings, the catalogue of codes, and cause and effect.

Every finding has a code of the catalogue, a severity and a place; a hundred of
a code are kept, and all are counted.
"""
