"""The most ordinary world and the oddest ones."""

import numpy as np
import pandas as pd
import pytest
from fake_worlds import fake_lived
from hypothesis import given
from hypothesis import strategies as st

from sim.results.columns import Columns, value_counts
from sim.results.pick import TRAITS, representative, surprising
from sim.results.scores import decode
from sim.scenario import load
from sim.world.names import Embassy, TruceFate, Violence
from sim.world.records import OUTCOME

WORLDS = decode(fake_lived(load("baghdad-2020"), 120).outcomes)


def medoid_the_slow_way(outcomes: pd.DataFrame) -> int:
    """Every pair of worlds compared."""
    traits = outcomes[list(TRAITS)].to_numpy(dtype=float)
    spread = traits.std(axis=0)
    traits = traits[:, spread > 0] / spread[spread > 0]
    total = np.abs(traits[:, None, :] - traits[None, :, :]).sum(axis=(1, 2))
    nearest = np.flatnonzero(np.isclose(total, total.min(), rtol=1e-12, atol=1e-9))
    return int(outcomes["world"].to_numpy()[nearest].min())


@given(st.sets(st.integers(0, 119), min_size=1, max_size=60))
def test_representative_world_is_the_medoid(chosen: set[int]) -> None:
    some = WORLDS.iloc[sorted(chosen)]
    assert representative(some) == medoid_the_slow_way(some)


def test_representative_does_not_depend_on_the_order_of_rows() -> None:
    assert representative(WORLDS.sample(frac=1.0, random_state=3)) == representative(WORLDS)


def test_an_ordinary_world_has_no_dead_where_that_is_usual() -> None:
    rows = np.zeros(4, OUTCOME)
    rows["world"], rows["us_killed"] = [1, 5, 7, 9], [2, 0, 0, 0]
    assert representative(decode(rows)) == 5


def test_of_equal_worlds_the_first_represents() -> None:
    rows = np.zeros(4, OUTCOME)
    rows["world"] = [7, 3, 5, 9]
    assert representative(decode(rows)) == 3


def test_surprising_worlds_have_the_rarest_labels() -> None:
    rows = np.zeros(10, OUTCOME)
    rows["world"] = np.arange(10)
    rows["embassy"][9] = Embassy.CLOSED
    rows["force"][[4, 5]] = Violence.WAR
    found = surprising(decode(rows), count=2)
    assert found["world"].tolist() == [9, 4]
    assert found["worlds"].tolist() == [1, 2]
    assert found["estimate"].tolist() == [0.1, 0.2]
    assert found.loc[0, "embassy"] == "closed"


def test_of_equally_rare_combinations_the_one_of_rarer_labels_comes_first() -> None:
    rows = np.zeros(10, OUTCOME)
    rows["world"] = np.arange(10)
    rows["embassy"][[1, 2]] = Embassy.CLOSED
    rows["truce"][[2]] = TruceFate.BROKEN  # closed and broken, once
    rows["force"][3] = Violence.WAR  # war alone, once; war is as rare as a broken truce, but closed comes on top there
    assert surprising(decode(rows))["world"].tolist()[0] == 2


def test_no_more_worlds_than_combinations() -> None:
    assert len(surprising(decode(np.zeros(8, OUTCOME)))) == 1


@pytest.mark.parametrize("worlds", [1, 2, 3, 20, 99, 380, 1000])
def test_counts_of_values_say_what_the_column_says(worlds: int) -> None:
    dice = np.random.default_rng(worlds)
    table = pd.DataFrame({name: (dice.zipf(1.6, worlds) - 1).clip(0, 500).astype(np.int32) for name in "ab"})
    both = table["a"] + table["b"]
    counts = value_counts(table, "a", "b")
    assert counts.mean == both.mean()
    assert counts.median == np.median(both)
    assert [counts.quantile(q) for q in (0.05, 0.5, 0.95)] == [
        np.quantile(both, q, method="inverted_cdf") for q in (0.05, 0.5, 0.95)
    ]
    assert counts.error == pytest.approx(both.std() / np.sqrt(worlds), nan_ok=True)
    parts = Columns(lambda names: (table[list(names)][k : k + 7] for k in range(0, worlds, 7)), ["a", "b"], worlds)
    again = value_counts(parts, "a", "b")
    assert (again.values == counts.values).all()
    assert (again.worlds == counts.worlds).all()
