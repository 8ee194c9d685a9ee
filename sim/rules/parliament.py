"""A vote in parliament as a probabilistic Condorcet election with Markov incentives.

Method: KAPSARC Toolkit for Behavioral Analysis (KTAB), file ``KTAB/kmodel/libsrc/kmodel.cpp``: ``Model::vote``
(proportional), ``Model::coalitions``, ``Model::vProb`` (square) and ``Model::markovIncentivePCE``, which names
the paper "Markov Voting with Incentives in KTAB". One option is the favourite; another challenges it as often as its
supporters have reason to, and replaces it as often as its coalition wins. The share of time an option is the
favourite is its probability.

KTAB iterates that process until it changes by less than 1e-8. Here its stationary distribution is solved for directly,
by the elimination of Grassmann, Taksar and Heyman (1985), "Regenerative analysis and steady state distributions for
Markov chains", Operations Research 33(5): a fixed number of sums, products and quotients, and no tolerance.

Nothing is allocated: the caller brings (n, n) arrays, n options, for what is worked out.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.compiled import rule

Floats = NDArray[np.float64]

SEATS, POSITION, SALIENCE = 0, 1, 2
"""Columns of the table of blocs."""
LEAST_COALITION = 1e-8
"""What every coalition has before anyone joins (KTAB ``minC``), so that no contest is 0 against 0."""
LEAST_SUPPORT = 1e-10
"""Incentive to leave the favourite be (KTAB ``epsSupport``), so that a favourite nobody opposes stays."""


@rule
def vote_strength(seats: float, salience: float, nearness: float) -> float:
    """Strength of a bloc's vote for one option against another, in seats; negative: it votes for the other.

    Args:
        seats: seats of the bloc.
        salience: share of its weight it throws into this question, 0..1.
        nearness: how much nearer to the bloc the first option lies than the second, -1..1.
    """
    return seats * salience * nearness


@rule
def coalitions(blocs: Floats, options: Any, strength: Floats) -> None:
    """Fill ``strength[i, j]``, the strength in seats of the blocs that prefer option i to option j.

    Args:
        blocs: (n_blocs, 3) seats, position 0..1, salience 0..1.
        options: (n,) positions of the options 0..1, array or tuple.
        strength: (n, n), overwritten.
    """
    for i in range(len(options)):
        for j in range(len(options)):
            total = LEAST_COALITION
            for k in range(blocs.shape[0]):
                ideal = blocs[k, POSITION]
                nearness = abs(ideal - options[j]) - abs(ideal - options[i])
                total += max(0.0, vote_strength(blocs[k, SEATS], blocs[k, SALIENCE], nearness))
            strength[i, j] = total


@rule
def victories(strength: Floats, loss: Floats) -> None:
    """Fill ``loss[j, i]``, the probability that option j loses to option i: by the squares of their coalitions.

    Args:
        strength: (n, n) from :func:`coalitions`.
        loss: (n, n), overwritten.
    """
    for j in range(strength.shape[0]):
        loss[j, j] = 0.5
        for i in range(j):
            for_i = strength[i, j] * strength[i, j]
            for_j = strength[j, i] * strength[j, i]
            loss[j, i] = for_i / (for_i + for_j)
            loss[i, j] = for_j / (for_i + for_j)


@rule
def challenges(strength: Floats, step: Floats) -> None:
    """Turn probabilities of losing into probabilities of being replaced, in place.

    Option i challenges the favourite j in proportion to its coalition times its chance to win, and then has to win.

    Args:
        strength: (n, n) from :func:`coalitions`.
        step: (n, n) from :func:`victories`; afterwards ``step[j, i]`` is the probability that i replaces the favourite
            j in one step, and ``step[j, j]`` is 0: staying is the rest of the row.
    """
    n = strength.shape[0]
    for j in range(n):
        incentive = LEAST_SUPPORT
        for i in range(n):
            incentive += strength[i, j] * step[j, i]
        for i in range(n):
            step[j, i] = strength[i, j] * step[j, i] / incentive * step[j, i]
        step[j, j] = 0.0


@rule
def stationary(step: Floats, out: Floats) -> None:
    """Fill ``out`` with the share of time a Markov process spends in each state.

    Args:
        step: (n, n) probabilities of moving from the row's to the column's state, positive off the diagonal; what is on
            the diagonal is ignored. Used up.
        out: (n,), overwritten; sums to 1.
    """
    n = step.shape[0]
    for last in range(n - 1, 0, -1):
        leaving = 0.0
        for j in range(last):
            leaving += step[last, j]
        for i in range(last):
            step[i, last] /= leaving
            for j in range(last):
                step[i, j] += step[i, last] * step[last, j]
    total = 1.0
    out[0] = 1.0
    for j in range(1, n):
        out[j] = 0.0
        for i in range(j):
            out[j] += out[i] * step[i, j]
        total += out[j]
    for j in range(n):
        out[j] /= total


@rule
def option_probabilities(blocs: Floats, options: Any, strength: Floats, step: Floats, out: Floats) -> None:
    """Fill ``out`` with the probability that parliament ends up with each option.

    Args:
        blocs: (n_blocs, 3) seats, position 0..1, salience 0..1.
        options: (n,) positions of the options 0..1, array or tuple; in the order of :class:`sim.world.names.Vote`.
        strength: (n, n), overwritten with the coalitions, in seats.
        step: (n, n) scratch.
        out: (n,), overwritten; sums to 1.
    """
    coalitions(blocs, options, strength)
    victories(strength, step)
    challenges(strength, step)
    stationary(step, out)


@rule
def draw_option(probabilities: Floats, u: float) -> int:
    """The option a uniform number falls on.

    Args:
        probabilities: (n,) that sum to 1.
        u: uniform number in [0, 1).
    """
    below = 0.0
    for option in range(len(probabilities) - 1):
        below += probabilities[option]
        if u < below:
            return option
    return len(probabilities) - 1
