"""Measurements: what is claimed, printed by the code that measures it."""
