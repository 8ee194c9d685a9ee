"""Votes in parliament: KTAB's published runs, elections solved by hand, a slow twin, and symmetries.

The published runs stand in the repository of the KAPSARC Toolkit for Behavioral Analysis as kept at
github.com/lsyaseen/KTAB: what its demonstration programs printed, with the matrices they started from.
"""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules.parliament import challenges, coalitions, draw_option, option_probabilities, stationary, victories

OPTIONS = (0.0, 0.4, 0.75, 1.0)
PARLIAMENT = np.array(
    [
        [54.0, 0.75, 1.0],
        [48.0, 0.95, 0.9],
        [90.0, 0.70, 0.6],
        [55.0, 0.10, 0.8],
        [60.0, 0.25, 0.5],
        [22.0, 0.45, 0.4],
    ]
)

# KTAB/kmodel/doc/2016-10-15-emod-run-03048962486573118966.txt: proportional votes, linear victory probabilities.
EMOD_WEIGHTS = np.array([6.21, 41.41, 38.96, 2.40, 18.82, 17.90])
EMOD_UTILITIES = np.array(
    [
        [0.038633, 0.043352, 0.604478, 0.101941, 1.000000],
        [0.583619, 0.000000, 0.553179, 0.686276, 0.584847],
        [0.000000, 0.762553, 0.235927, 0.795718, 0.961891],
        [0.000000, 0.308265, 0.088954, 1.000000, 0.609571],
        [0.293139, 0.630801, 0.531428, 0.026165, 0.000000],
        [0.427777, 0.182886, 0.889504, 0.647899, 0.954474],
    ]
)
EMOD_COALITIONS = np.array(
    [
        [0.000000, 28.549214, 1.260415, 5.024904, 5.517368],
        [36.830137, 0.000000, 22.911642, 11.380289, 11.872753],
        [25.668302, 39.038607, 0.000000, 16.955481, 10.002382],
        [41.979500, 40.053962, 29.502189, 0.000000, 5.627967],
        [54.382194, 52.456656, 34.459321, 17.538198, 0.000000],
    ]
)
EMOD_PROBABILITIES = [0.010330, 0.073977, 0.119015, 0.138753, 0.657926]

# examples/smp/doc/20170530_ref-smpExample.txt, the five bargains of actor 2 in turn 0: linear victory probabilities.
SMP_COALITIONS = np.array(
    [
        [0.000, 0.642, 5.549, 0.170, 3.784],
        [0.068, 0.000, 5.531, 0.126, 3.808],
        [8.507, 9.086, 0.000, 7.987, 6.333],
        [1.975, 2.506, 6.837, 0.000, 4.137],
        [5.215, 5.817, 4.852, 3.756, 0.000],
    ]
)
SMP_PROBABILITIES = [0.0859, 0.0695, 0.4215, 0.2255, 0.1976]

# KTAB/kmodel/20170530_ref-demomodel.txt (--pce): square victory probabilities, as in our parliament.
DEMO_COALITIONS = np.array([[0.0, 12.099, 54.921], [10.333, 0.0, 27.079], [5.007, 55.047, 0.0]])
DEMO_VICTORIES = [[0.5, 0.5782, 0.9918], [0.4218, 0.5, 0.1948], [0.0082, 0.8052, 0.5]]
DEMO_PROBABILITIES = [0.5094, 0.2796, 0.2110]


def elect(blocs, options=OPTIONS):
    """Probabilities of the options."""
    n = len(options)
    out = np.empty(n)
    option_probabilities(np.asarray(blocs, dtype=float), options, np.empty((n, n)), np.empty((n, n)), out)
    return out


def settle(strength, loss):
    """Probabilities of the options, given coalitions and the probability that the row's option loses."""
    step, out = loss.copy(), np.empty(len(loss))
    challenges(strength, step)
    stationary(step, out)
    return out


def square_loss(strength):
    loss = np.empty_like(strength)
    victories(strength, loss)
    return loss


def linear_loss(strength):
    """KTAB's linear victory model: the row's option loses in proportion to the coalition for the column's."""
    against = strength.T + np.eye(len(strength))
    return against / (against + against.T)


def iterate_as_ktab(strength):
    """The obvious twin: damped iteration from equal chances, as ``Model::markovIncentivePCE`` does."""
    n = len(strength)
    win = strength**2 / (strength**2 + strength.T**2)
    incentive = strength * win + 1e-10 * np.eye(n)
    challenge = incentive / incentive.sum(axis=0)
    p = np.full(n, 1.0 / n)
    for _ in range(100_000):
        contest = p[:, None] * challenge.T
        q = (win * (contest + contest.T)).sum(axis=1)
        if np.abs(q - p).max() < 1e-13:
            return q
        p = (p + q) / 2.0
    raise AssertionError("the iteration did not settle")


def random_elections(count):
    """Random parliaments, options and the chances they lead to."""
    rng = np.random.default_rng(2020)
    for _ in range(count):
        blocs = rng.random((rng.integers(1, 12), 3))
        blocs[:, 0] = np.floor(blocs[:, 0] * 80.0) + 1.0
        yield elect(blocs, np.sort(rng.random(4)))


unit = st.integers(0, 100).map(lambda percent: percent / 100.0)
bloc = st.tuples(st.integers(1, 120).map(float), unit, st.integers(1, 100).map(lambda percent: percent / 100.0))
parliaments = st.lists(bloc, min_size=1, max_size=10).map(np.array)
agendas = st.lists(st.integers(0, 20), min_size=4, max_size=4, unique=True).map(lambda o: np.array(sorted(o)) / 20.0)


def test_demonstration_run_of_ktab():
    loss = square_loss(DEMO_COALITIONS)
    np.testing.assert_allclose(loss.T, DEMO_VICTORIES, atol=6e-5)
    np.testing.assert_allclose(settle(DEMO_COALITIONS, loss), DEMO_PROBABILITIES, atol=6e-5)


def test_two_options_of_the_demonstration_run():
    strength = np.array([[0.0, 51.212], [19.714, 0.0]])
    np.testing.assert_allclose(settle(strength, square_loss(strength)), [0.8709, 0.1291], atol=6e-5)


@pytest.mark.parametrize(
    ("strength", "expected", "digits"),
    [(EMOD_COALITIONS, EMOD_PROBABILITIES, 6), (SMP_COALITIONS, SMP_PROBABILITIES, 4)],
    ids=["emod", "smp"],
)
def test_runs_of_ktab_with_linear_victories(strength, expected, digits):
    np.testing.assert_allclose(settle(strength, linear_loss(strength)), expected, atol=1.1 * 10.0**-digits)


@pytest.mark.parametrize(("i", "j"), [(0, 1), (0, 4), (1, 2), (2, 3), (3, 4)])
def test_coalitions_of_a_run_of_ktab(i, j):
    """Two options at 0 and 1 turn any difference of utilities into a position between them."""
    ideal = (1.0 - (EMOD_UTILITIES[:, i] - EMOD_UTILITIES[:, j])) / 2.0
    strength = np.empty((2, 2))
    coalitions(np.column_stack([EMOD_WEIGHTS, ideal, np.ones(6)]), (0.0, 1.0), strength)
    published = [EMOD_COALITIONS[i, j], EMOD_COALITIONS[j, i]]
    np.testing.assert_allclose([strength[0, 1], strength[1, 0]], published, rtol=5e-4)  # weights are printed to 0.01


def test_three_options_by_hand():
    """Two seats at 0 against one at 1.

    Every coalition nearer 0 is twice its rival, so it wins with 4/5. Challenges follow: 0 is replaced by the middle
    with 1/3 · 1/5 and by 1 with 2/3 · 1/5; the middle by 0 with 8/9 · 4/5 and by 1 with 1/9 · 1/5; 1 by 0 with
    2/3 · 4/5 and by the middle with 1/3 · 4/5. In balance: 9 p0 = 32 p1 + 24 p2 and 33 p1 = 3 p0 + 12 p2.
    """
    chances = elect([[2.0, 0.0, 1.0], [1.0, 1.0, 1.0]], (0.0, 0.5, 1.0))
    np.testing.assert_allclose(chances, np.array([392.0, 60.0, 67.0]) / 519.0, rtol=1e-6)


def test_salience_weighs_like_seats():
    """20 seats at half their weight against 5: coalitions of 10 and 5 seats, 4 to 1 by their squares."""
    np.testing.assert_allclose(elect([[20.0, 0.0, 0.5], [5.0, 1.0, 1.0]], (0.0, 1.0)), [0.8, 0.2], rtol=1e-7)


@given(parliaments, agendas)
def test_agrees_with_the_slow_twin(blocs, options):
    strength = np.empty((4, 4))
    coalitions(blocs, options, strength)
    np.testing.assert_allclose(elect(blocs, options), iterate_as_ktab(strength), atol=1e-9)


@given(parliaments, agendas)
def test_coalitions_hold_everyone_who_is_not_indifferent(blocs, options):
    """For and against a pair of options differ by the signed sum of all votes."""
    strength = np.empty((4, 4))
    coalitions(blocs, options, strength)
    distance = np.abs(blocs[:, 1, None] - options)
    votes = (blocs[:, 0] * blocs[:, 2]) @ (distance[:, None, :] - distance[:, :, None]).reshape(len(blocs), 16)
    np.testing.assert_allclose(strength - strength.T, votes.reshape(4, 4), atol=1e-9)
    assert (strength > 0.0).all()


@given(parliaments, agendas)
def test_chances_are_a_distribution(blocs, options):
    chances = elect(blocs, options)
    assert (chances > 0.0).all()
    assert chances.sum() == pytest.approx(1.0, abs=1e-14)


@given(parliaments, agendas)
def test_mirrored_parliament_mirrors_the_result(blocs, options):
    mirrored = np.column_stack([blocs[:, 0], 1.0 - blocs[:, 1], blocs[:, 2]])
    np.testing.assert_allclose(elect(mirrored, 1.0 - options[::-1])[::-1], elect(blocs, options), atol=1e-9)


@given(parliaments, agendas, st.permutations(range(4)))
def test_order_on_the_agenda_does_not_matter(blocs, options, order):
    np.testing.assert_allclose(elect(blocs, options[order]), elect(blocs, options)[order], atol=1e-9)


@given(parliaments, agendas, st.integers(0, 9))
def test_two_equal_blocs_are_one_of_twice_the_seats(blocs, options, which):
    row = which % len(blocs)
    doubled = blocs.copy()
    doubled[row, 0] *= 2.0
    np.testing.assert_allclose(elect(np.vstack([blocs, blocs[row]]), options), elect(doubled, options), atol=1e-9)


@given(parliaments, agendas, st.integers(0, 3))
def test_what_everyone_wants_is_all_but_certain(blocs, options, which):
    united = blocs.copy()
    united[:, 1] = options[which]
    assert elect(united, options)[which] > 0.999999


def test_parliament_that_does_not_care_is_a_fair_lottery():
    indifferent = PARLIAMENT * np.array([1.0, 1.0, 0.0])
    np.testing.assert_allclose(elect(indifferent), 0.25, atol=1e-15)


def test_mirrored_halves_leave_a_tie():
    chances = elect([[40.0, 0.1, 1.0], [40.0, 0.9, 1.0], [20.0, 0.5, 1.0]], (0.0, 0.3, 0.7, 1.0))
    np.testing.assert_allclose(chances, chances[::-1], rtol=1e-12)
    assert chances[1] > chances[0]


def test_more_seats_for_a_bloc_lift_what_it_wants():
    chances = [elect(np.vstack([PARLIAMENT, [seats, OPTIONS[2], 1.0]]))[2] for seats in (1.0, 30.0, 100.0)]
    assert chances[0] < chances[1] < chances[2]


def test_array_and_tuple_of_options_agree():
    np.testing.assert_array_equal(elect(PARLIAMENT, np.array(OPTIONS)), elect(PARLIAMENT, OPTIONS))


@pytest.mark.parametrize(
    ("u", "option"), [(0.0, 0), (0.249, 0), (0.25, 1), (0.499, 1), (0.5, 3), (0.75, 3), (1.0 - 2.0**-53, 3)]
)
def test_draw_by_inverse_distribution(u, option):
    assert draw_option(np.array([0.25, 0.25, 0.0, 0.5]), u) == option


def test_draw_when_rounding_leaves_a_gap_at_the_top():
    assert draw_option(np.array([0.1, 0.2, 0.3, 0.4 - 1e-12]), 1.0 - 2.0**-53) == 3


@given(parliaments, agendas)
def test_draws_have_the_chances_of_the_election(blocs, options):
    chances = elect(blocs, options)
    drawn = [draw_option(chances, (k + 0.5) / 1000.0) for k in range(1000)]
    np.testing.assert_allclose(np.bincount(drawn, minlength=4) / 1000.0, chances, atol=1.01e-3)


def test_interpreted_equals_compiled_to_the_last_bit(root):
    printed = [
        subprocess.run(
            [sys.executable, Path(__file__)],
            env={**os.environ, "NUMBA_DISABLE_JIT": disable, "PYTHONPATH": str(root)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for disable in ("0", "1")
    ]
    assert printed[0] == printed[1]
    assert len(set(printed[0].split())) > 1000


if __name__ == "__main__":
    for chances in random_elections(300):
        print(*(float(chance).hex() for chance in chances), draw_option(chances, 0.5))
