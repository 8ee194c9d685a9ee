"""Drivers: one world day by day under Mesa, many worlds in one compiled kernel."""

MOST_WORLDS = 2**32
"""Chance tells so many worlds apart: numbers 0 to one less."""
