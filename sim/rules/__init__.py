"""The rulebook: every rule of the model once, as a small function over records and numbers.

:mod:`sim.rules.day` is the table of contents. Rules know neither Mesa nor files nor plots.
"""
