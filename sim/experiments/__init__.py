"""Sweeps: many points of a scenario, from a laptop to a cluster, which never lose finished work.

The way of a sweep: :mod:`designs` (which points), :mod:`plan` (everything that fixes its bytes), :mod:`layout` (its
parts), :mod:`part` and :mod:`tables` (worlds lived, files written), :mod:`sweep` (begun, resumed, spread over workers),
:mod:`dataset` (what has been computed).
"""
