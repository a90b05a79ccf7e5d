"""The kernel: the seam, the Python twin, and the choice of a twin.

It accepts and never diagnoses: what is not sound is handed over to the engine.
"""
