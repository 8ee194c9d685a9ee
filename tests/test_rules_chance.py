"""Chance: the published generator, one number for each name, and the distributions made from it."""

import math

import numba
import numpy as np
import pytest
from small_world import A, B, crisis

from sim.rules.luck import at_least_one, binomial, keep, luck, power_law, triangular
from sim.world.chance import chance, philox
from sim.world.identity import identity
from sim.world.names import Draw

# Random123, file kat_vectors, philox 4x32 10: counter, key, result.
ONES = 0xFFFFFFFF
KNOWN = [
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((ONES, ONES, ONES, ONES), (ONES, ONES), (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]


@pytest.mark.parametrize(("counter", "key", "result"), KNOWN)
def test_philox_gives_the_published_answers(
    counter: tuple[int, ...], key: tuple[int, ...], result: tuple[int, ...]
) -> None:
    with np.errstate(over="ignore"):
        words = philox(*(np.uint64(word) for word in (*counter, *key)))
    assert tuple(int(word) for word in words) == result


def uniform(world: int = 0, day: int = 0, actor: int = 1, draw: int = 2, seed: int = 7) -> float:
    with np.errstate(over="ignore"):
        return float(chance(np.uint64(seed), world, day, actor, draw))


def test_chance_is_made_of_the_first_two_words() -> None:
    """Day -1 is the first value of its counter; the seed is the key."""
    first, second = KNOWN[0][2][:2]
    assert uniform(world=0, day=-1, actor=0, draw=0, seed=0) == ((first >> 5) * 2**26 + (second >> 6)) / 2**53


def test_every_argument_of_chance_matters() -> None:
    usual = uniform()
    others = [
        uniform(world=1),
        uniform(day=1),
        uniform(actor=2),
        uniform(draw=3),
        uniform(seed=8),
        uniform(seed=7 + 2**32),
    ]
    assert len({usual, *others}) == 7


def test_chance_is_uniform() -> None:
    found = np.array([uniform(world=world, day=day) for world in range(60) for day in range(50)])
    assert found.min() >= 0
    assert found.max() < 1
    counts, _ = np.histogram(found, 10, (0, 1))
    assert ((counts - 300) ** 2 / 300).sum() < 27.9  # chi-squared with 9 degrees of freedom, 0.1 %
    assert abs(np.corrcoef(found[:-1], found[1:])[0, 1]) < 0.06


def test_identities_are_stable_and_differ() -> None:
    assert identity("123456789") == 0xCBF43926  # the check value of CRC-32
    assert len({identity(name) for name in ("us", "iran", "iraq", "sadr", "coalition", "badr")}) == 6


def test_luck_is_one_number_for_each_actor_day_and_purpose() -> None:
    c = crisis()
    usual = luck(c, A, Draw.CONVENE.value)
    assert luck(c, A, Draw.CONVENE.value) == usual
    others = [luck(c, B, Draw.CONVENE.value), luck(c, A, Draw.LAG.value), luck(c, A, Draw.CONVENE.value, 1)]
    c.w.day = 1
    others.append(luck(c, A, Draw.CONVENE.value))
    assert len({usual, *others}) == 5


def test_an_extra_group_changes_nobodys_luck() -> None:
    two, three = crisis(groups=2), crisis(groups=3)
    assert [luck(two, i, 5) for i in range(7)] == [luck(three, i, 5) for i in range(7)]


def test_triangular_runs_from_low_over_mode_to_high() -> None:
    assert triangular(0.0, 1.0, 3.0, 9.0) == 1.0
    assert triangular(1.0 - 2**-53, 1.0, 3.0, 9.0) == pytest.approx(9.0)
    assert triangular(0.25, 1.0, 3.0, 9.0) == pytest.approx(3.0)  # (mode - low) / (high - low) of the mass lies below
    assert triangular(0.7, 4.0, 4.0, 4.0) == 4.0
    assert triangular(0.0, 2.0, 2.0, 5.0) == pytest.approx(2.0)


def test_power_law_has_the_published_tail() -> None:
    """P(X >= x) = x ** (1 - alpha), cut off at the largest value."""
    alpha = 2.5
    sizes = np.array([power_law((k + 0.5) / 4000, alpha, 50) for k in range(4000)])
    assert sizes.min() == 1
    assert sizes.max() == 50
    for x in (2, 4, 10):
        assert np.mean(sizes >= x) == pytest.approx(x ** (1 - alpha), abs=5e-4)


@pytest.mark.parametrize("p", [0.0, 0.05, 0.5, 0.97, 1.0])
def test_binomial_has_its_probabilities(p: float) -> None:
    trials, steps = 6, 6000
    drawn = np.array([binomial((k + 0.5) / steps, trials, p) for k in range(steps)])
    for k in range(trials + 1):
        expected = math.comb(trials, k) * p**k * (1 - p) ** (trials - k)
        assert np.mean(drawn == k) == pytest.approx(expected, abs=3e-4)
    assert binomial(0.5, 0, p) == 0


def test_at_least_one_of_many() -> None:
    assert at_least_one(0.2, 0) == 0.0
    assert at_least_one(0.2, 1) == pytest.approx(0.2)
    assert at_least_one(0.2, 3) == pytest.approx(1 - 0.8**3)


def test_half_is_kept_after_a_half_life() -> None:
    assert keep(7.0) ** 7 == pytest.approx(0.5)
    assert keep(1.0) == pytest.approx(0.5)


@pytest.mark.skipif(
    not (numba.config.DISABLE_JIT or numba.config.BOUNDSCHECK), reason="bounds are not watched in this mode"
)
def test_a_row_beyond_the_table_is_noticed() -> None:
    c = crisis()
    with pytest.raises(IndexError):
        luck(c, len(c.traits), Draw.CONVENE.value)
