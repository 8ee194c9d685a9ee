"""The first difference between two histories of a world, by hand and in lived worlds."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.actions import Act
from sim.analysis.divergence import (
    ADDED,
    DEED,
    DROPPED,
    REPLACED,
    RESULT,
    TOLL,
    commonest,
    deeds,
    divergences,
    first_divergence,
    in_words,
)
from sim.drivers.ensemble import live_chunk
from sim.scenario import load
from sim.world.names import Who
from sim.world.records import EVENT

WIDTH = len(DEED) + len(TOLL)
US = ("us", "iran", "iraq", "sadr", "coalition", "kataib_hezbollah")


def history(*rows: tuple[int, int, int]) -> np.ndarray:
    """Deeds of (day, act, actor), aimed at nobody, without a toll."""
    table = np.zeros((len(rows), WIDTH), dtype=np.int64)
    table[:, 3] = -1
    for k, row in enumerate(rows):
        table[k, :3] = row
    return table


OLD = history((2, 1, 0), (5, 7, 3), (5, 8, 4), (9, 1, 0))


def test_the_same_history_does_not_part() -> None:
    assert first_divergence(OLD, OLD.copy()) is None
    assert first_divergence(history(), history()) is None


@pytest.mark.parametrize(
    ("new", "day", "kind", "act"),
    [
        (history((1, 4, 0), (2, 1, 0), (5, 7, 3), (5, 8, 4), (9, 1, 0)), 1, ADDED, 4),  # something before all else
        (history((2, 1, 0), (5, 7, 3), (5, 8, 4)), 9, DROPPED, 1),  # the last act is gone
        (history((2, 1, 0), (5, 7, 3), (5, 8, 4), (9, 1, 0), (9, 2, 0)), 9, ADDED, 2),  # one more at the end
        (history((2, 1, 0), (5, 8, 4), (9, 1, 0)), 5, DROPPED, 7),  # the rest of the day is as it was
        (history((2, 1, 0), (5, 6, 3), (5, 7, 3), (5, 8, 4), (9, 1, 0)), 5, ADDED, 6),
        (history((2, 1, 0), (5, 6, 3), (5, 8, 4), (9, 1, 0)), 5, REPLACED, 6),
        (history((9, 1, 0)), 2, DROPPED, 1),
        (history(), 2, DROPPED, 1),
    ],
)
def test_what_parts_two_histories(new: np.ndarray, day: int, kind: str, act: int) -> None:
    found = first_divergence(OLD, new)
    assert found is not None
    assert (found.day, found.kind, found.deed[1]) == (day, kind, act)
    assert (found.instead is not None) == (kind == REPLACED)


def test_the_same_act_with_another_toll_is_a_result() -> None:
    new = OLD.copy()
    new[1, len(DEED) + TOLL.index("us_killed")] = 2
    found = first_divergence(OLD, new)
    assert found is not None
    assert (found.day, found.kind, found.deed[1]) == (5, RESULT, 7)


DAYS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 3), st.integers(0, 2)), max_size=8)


@given(DAYS, DAYS)
def test_histories_are_the_same_up_to_where_they_part(one: list[Any], other: list[Any]) -> None:
    """By hand: every day before the one named holds the same deeds in both, that day does not."""
    before, after = history(*sorted(one)), history(*sorted(other))
    found = first_divergence(before, after)
    by_day = [[rows[rows[:, 0] == day].tolist() for day in range(5)] for rows in (before, after)]
    unlike = [day for day in range(5) if by_day[0][day] != by_day[1][day]]
    assert (found.day if found else None) == (unlike[0] if unlike else None)


def test_actors_are_compared_by_name_not_by_row() -> None:
    """A scenario with a group more: the group that acts stands on another row, and is the same all the same."""
    events = np.zeros(1, EVENT)
    events["actor"], events["target"], events["act"] = 5, Who.US, Act.MI_SALVO
    more = (*US[:5], "newcomers", US[5])
    known = [*US, "newcomers"]
    moved = events.copy()
    moved["actor"] = 6
    assert (deeds(events, US, known) == deeds(moved, more, known)).all()
    assert (deeds(events, US, known) != deeds(events, more, known)).any()


def test_nobody_stays_nobody() -> None:
    events = np.zeros(2, EVENT)
    events["target"] = [-1, 0]
    assert deeds(events, US, list(US))[:, 3].tolist() == [-1, 0]


def lived(scenario: Any, worlds: int = 12) -> Any:
    return live_chunk(scenario, 3, worlds, "trace")


def test_a_scenario_does_not_part_from_itself() -> None:
    base = load("baghdad-2020")
    assert divergences(lived(base), lived(base), (base, base)).empty


def test_scripted_events_do_not_count() -> None:
    """A scripted act at the very end changes nothing that anybody does of his own accord."""
    base = load("baghdad-2020")
    last = base.horizon - 1
    scripted = base.with_({"events+": [{"day": last, "act": "iq.condemn", "by": "iraq"}]})
    old, new = lived(base), lived(scripted)
    assert len(new.events) == len(old.events) + 12
    assert divergences(old, new, (base, scripted)).empty


def test_worlds_part_after_the_change_and_not_before() -> None:
    base = load("baghdad-2020")
    day = 20
    attack = {"day": day, "act": "mi.barrage", "by": "kataib_hezbollah", "at": "us", "rockets": 30, "us_killed": 4}
    changed = base.with_({"events+": [attack]})
    found = divergences(lived(base), lived(changed), (base, changed))
    assert len(found) == 12  # thirty rockets and four dead leave no world as it was
    assert (found["day"] >= day).all()
    assert found["world"].tolist() == list(range(3, 15))
    assert found["kind"].isin([ADDED, DROPPED, REPLACED, RESULT]).all()


def test_commonest_counts_what_it_is_asked_for() -> None:
    found = pd.DataFrame(
        {
            "world": [0, 1, 2, 3],
            "day": [4, 8, 6, 1],
            "kind": [ADDED, ADDED, ADDED, DROPPED],
            "actor": ["us", "us", "us", "iran"],
            "act": ["us.talk", "us.talk", "us.talk", "ir.arm"],
        }
    )
    rows = commonest(found)
    assert rows[["actor", "worlds", "share", "day"]].to_numpy().tolist() == [["us", 3, 0.75, 6], ["iran", 1, 0.25, 1]]
    chosen = commonest(found, pd.Series([0, 3]))
    assert chosen["worlds"].tolist() == [1, 1]
    assert commonest(found, pd.Series([], dtype=int)).empty


@pytest.mark.parametrize(("kind", "said"), [(ADDED, "as it had not"), (DROPPED, "no longer"), (RESULT, "other result")])
def test_a_difference_is_told_in_words(kind: str, said: str) -> None:
    row = SimpleNamespace(kind=kind, actor="us", act="us.public_red_line", worlds=410, share=0.41, day=4)
    words = in_words(row, load("baghdad-2020"))
    assert said in words
    assert "Washington" in words
    assert "41 %, median 2 Oct 2020" in words
    assert ":" not in words  # the act's title is cut at its colon
