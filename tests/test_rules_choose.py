"""The choice among weighed options, in cases that can be solved by hand."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_world import US, A, crisis

from sim.actions import Act
from sim.rules.choose import SHARPER, best_option, choose, draw, first_hold, quantal
from sim.rules.decide import lay_out, menu_of
from sim.world.names import NOBODY, Class, Policy
from sim.world.records import N_ACTIONS, OPTION

GRID = [(k + 0.5) / 100 for k in range(100)]


def options(*given: tuple[Class, float]) -> Any:
    """Feasible options by class and utility, in the first rows."""
    table = np.zeros(N_ACTIONS, OPTION).view(np.recarray)
    for row, (kind, utility) in enumerate(given):
        table[row].feasible, table[row].kind, table[row].utility = 1, kind, utility
    return table


def chances(table: Any, last: int, precision: float) -> list[float]:
    quantal(table, np.arange(last), precision)
    return [float(table[row].chance) for row in range(last)]


def drawn_of(table: Any, last: int, precision: float, u: float, v: float) -> int:
    """The option that two uniforms draw by the chances of quantal response."""
    menu = np.arange(last)
    quantal(table, menu, precision)
    return int(draw(table, menu, u, v))


def by_class(table: Any, last: int, precision: float) -> dict[int, float]:
    found: dict[int, float] = {}
    for row, share in enumerate(chances(table, last, precision)):
        found[int(table[row].kind)] = found.get(int(table[row].kind), 0.0) + share
    return found


THREE = ((Class.HOLD, 0.3), (Class.TALK, 0.1), (Class.FORCE, 0.5))
utilities = st.floats(-5, 5)
menus = st.lists(st.tuples(st.sampled_from(list(Class)), utilities), min_size=1, max_size=12)


def test_without_noise_the_best_option_is_chosen() -> None:
    table = options(*THREE)
    assert {drawn_of(table, 3, 1e6, u, v) for u in GRID[::10] for v in GRID[::10]} == {2}
    assert chances(table, 3, 1e6) == [0, 0, 1]


def test_with_nothing_but_noise_classes_are_equally_likely() -> None:
    table = options(*THREE, (Class.FORCE, -4.0))
    assert by_class(table, 4, 0.0) == {kind: pytest.approx(1 / 3) for kind in (Class.HOLD, Class.TALK, Class.FORCE)}
    drawn = [table[drawn_of(table, 4, 0.0, u, 0.5)].kind for u in GRID]
    assert [drawn.count(kind) for kind in (Class.HOLD, Class.TALK, Class.FORCE)] == [33, 34, 33]


def test_shares_are_logit_by_hand() -> None:
    """Two classes; in one of them a second instance."""
    table = options((Class.HOLD, 0.0), (Class.FORCE, 0.5), (Class.FORCE, 0.2))
    precision = 3.0
    force = math.exp(precision * 0.5) / (1 + math.exp(precision * 0.5))
    best = 1 / (1 + math.exp(-SHARPER * precision * 0.3))
    assert chances(table, 3, precision) == pytest.approx([1 - force, force * best, force * (1 - best)])


@given(menus, st.floats(0, 16), st.data())
def test_a_duplicate_changes_no_class(menu: list[tuple[Class, float]], precision: float, data: st.DataObject) -> None:
    copy = data.draw(st.sampled_from(menu))
    usual = by_class(options(*menu), len(menu), precision)
    doubled = by_class(options(*menu, copy), len(menu) + 1, precision)
    assert doubled == pytest.approx(usual)


@given(menus, st.floats(0, 16), st.data())
def test_a_dud_changes_no_class(menu: list[tuple[Class, float]], precision: float, data: st.DataObject) -> None:
    """A worse instance of a class that is on the menu already."""
    kind, utility = data.draw(st.sampled_from(menu))
    worse = (kind, utility - data.draw(st.floats(0, 10)))
    usual = by_class(options(*menu), len(menu), precision)
    assert by_class(options(*menu, worse), len(menu) + 1, precision) == pytest.approx(usual)


@given(menus, st.floats(0, 1e3), st.floats(0, 1, exclude_max=True), st.floats(0, 1, exclude_max=True))
def test_shares_sum_to_one_and_the_draw_follows_them(
    menu: list[tuple[Class, float]], precision: float, u: float, v: float
) -> None:
    table = options(*menu)
    shares = chances(table, len(menu), precision)
    assert sum(shares) == pytest.approx(1)
    assert all(math.isfinite(share) and share >= 0 for share in shares)
    assert shares[drawn_of(table, len(menu), precision, u, v)] > 0


@given(menus, st.floats(0.1, 16), utilities)
def test_only_differences_of_utility_count(menu: list[tuple[Class, float]], precision: float, lift: float) -> None:
    lifted = options(*((kind, utility + lift) for kind, utility in menu))
    assert chances(lifted, len(menu), precision) == pytest.approx(chances(options(*menu), len(menu), precision))


def test_frequencies_of_draws_are_the_shares() -> None:
    table = options(*THREE, (Class.FORCE, 0.45))
    shares = chances(table, 4, 4.0)
    drawn = [drawn_of(table, 4, 4.0, u, v) for u in GRID for v in GRID]
    for row in range(4):
        assert drawn.count(row) / len(drawn) == pytest.approx(shares[row], abs=0.012)


def test_a_draw_on_the_edge_of_two_shares_falls_on_the_second() -> None:
    """Uniforms lie in [0, 1), so that each share holds its lower end only."""
    table = options((Class.HOLD, 0.0), (Class.FORCE, 0.0), (Class.FORCE, 0.0))
    drawn = {(u, v): drawn_of(table, 3, 1.0, u, v) for u in (0.0, 0.5) for v in (0.0, 0.5)}
    assert drawn == {(0.0, 0.0): 0, (0.0, 0.5): 0, (0.5, 0.0): 1, (0.5, 0.5): 2}


def test_what_is_not_feasible_is_never_chosen() -> None:
    table = options(*THREE)
    table[2].feasible = 0
    assert {drawn_of(table, 3, 5.0, u, 0.5) for u in GRID} == {0, 1}
    assert chances(table, 3, 5.0)[2] == 0
    table.feasible = 0
    assert drawn_of(table, 3, 5.0, 0.5, 0.5) == NOBODY


def laid_out(policy: Policy, row: int = US) -> Any:
    c = crisis()
    c.traits[row].policy = policy
    menu = menu_of(c, c.traits[row].kind)
    c.actors[row].convened = 3
    lay_out(c, row, menu)
    return c, menu


@pytest.mark.parametrize("policy", [Policy.PASSIVE, Policy.SCRIPTED])
def test_passive_and_scripted_actors_hold(policy: Policy) -> None:
    c, menu = laid_out(policy)
    c.w.options[Act.US_TALK].utility = 100.0
    assert choose(c, int(US), menu) == Act.US_HOLD == first_hold(c, menu)


def test_expected_utility_takes_the_best() -> None:
    c, menu = laid_out(Policy.EXPECTED_UTILITY)
    c.w.options[Act.US_TALK].utility = 100.0
    assert choose(c, int(US), menu) == Act.US_TALK == best_option(c, menu)


def test_tit_for_tat_answers_no_higher_than_it_received() -> None:
    c, menu = laid_out(Policy.TIT_FOR_TAT)
    c.p.politics_forgiveness = 0.0
    assert choose(c, int(US), menu) == Act.US_HOLD  # nobody provoked it
    c.w.events[0].rung, c.w.n_events = 3, 1
    c.actors[US].provoked, c.actors[US].provoked_day = 0, 0
    answer = choose(c, int(US), menu)
    assert (c.acts[answer].rung, c.w.options[answer].feasible) == (3, 1)
    c.w.day = 4
    assert choose(c, int(US), menu) == Act.US_HOLD  # too long ago
    c.w.day, c.p.politics_forgiveness = 0, 1.0
    assert choose(c, int(US), menu) == Act.US_HOLD


def test_random_actors_heed_no_utility() -> None:
    """Whatever the utilities, the same luck makes a random actor choose the same class."""
    c, menu = laid_out(Policy.RANDOM, A)
    usual = c.w.options[choose(c, A, menu)].kind
    for row in menu:
        c.w.options[row].utility = -3.0 * row
    assert c.w.options[choose(c, A, menu)].kind == usual
