"""Events as a table, and a world told in sentences."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from fake_worlds import fake_lived

from sim.actions import Act
from sim.results.chronicle import Chronicle
from sim.results.tables import events_of
from sim.results.trace import decode_events
from sim.scenario import Scenario, load
from sim.world.names import FIRST_GROUP, NOBODY, UNKNOWN, Site, Who
from sim.world.records import EVENT


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load("baghdad-2020")


def event(**facts: Any) -> np.ndarray:
    row = np.zeros(1, EVENT)
    row["target"], row["cause"], row["believed_author"] = NOBODY, NOBODY, UNKNOWN
    for name, value in facts.items():
        row[name] = value
    return row


def told(scenario: Scenario, *events: np.ndarray) -> list[str]:
    return [line.text for line in Chronicle.of(scenario, 0, np.concatenate(events))]


def test_decoded_events_name_acts_actors_and_dates(scenario: Scenario) -> None:
    lived = fake_lived(scenario, 5, first=100)
    table = events_of(lived, scenario)
    assert len(table) == len(lived.events)
    assert table["world"].unique().tolist() == [100, 101, 102, 103, 104]
    assert (table.groupby("world")["event"].max() + 1).tolist() == np.diff(lived.offsets).tolist()
    row, code = table.iloc[0], lived.events[0]
    assert row["act"] == Act(int(code.act)).name.lower().replace("_", ".", 1)
    assert row["actor"] == scenario.actors[code.actor]
    assert row["date"] == pd.Timestamp(scenario.start) + pd.Timedelta(days=int(code.day))


def test_nobody_and_unknown_are_missing(scenario: Scenario) -> None:
    table = decode_events(event(act=Act.MI_SALVO, actor=FIRST_GROUP), np.zeros(1), scenario)
    assert table["target"].isna().all()
    assert table["believed_author"].isna().all()


def test_no_events_make_an_empty_table(scenario: Scenario) -> None:
    table = decode_events(np.zeros(0, EVENT), np.zeros(0), scenario)
    assert len(table) == 0
    assert {"world", "event", "date", "act", "cause"} <= set(table.columns)


def test_an_attack_is_told_with_its_rockets_and_its_victims(scenario: Scenario) -> None:
    group = scenario.groups[0].name
    attack = event(
        act=Act.MI_SALVO, actor=FIRST_GROUP, target=Who.US, site=Site.EMBASSY, rockets=3, landed=1, us_killed=1,
        us_hurt=4, iraqi_killed=2, believed_author=FIRST_GROUP + 1,
    )  # fmt: skip
    assert told(scenario, attack) == [
        f"{group} fires a small salvo of rockets at the embassy: 3 rockets, 1 landed; 1 American and 2 Iraqis killed;"
        f" 4 Americans hurt. Washington blames {scenario.groups[1].name}."
    ]


def test_an_answer_names_what_it_answers(scenario: Scenario) -> None:
    attack = event(act=Act.MI_SALVO, actor=FIRST_GROUP, target=Who.US, site=Site.ERBIL, day=3)
    strike = event(act=Act.US_STRIKE_LIMITED, actor=Who.US, target=FIRST_GROUP, cause=0, day=5, site=Site.GROUP_SITES)
    group = scenario.groups[0].name
    assert told(scenario, attack, strike)[1] == (
        f"Washington strikes depots and launch crews ({group}). [answers {group} on 1 Oct 2020]"
    )


def test_scripted_and_private_events_say_so(scenario: Scenario) -> None:
    line = told(scenario, event(act=Act.IR_RESTRAIN, actor=Who.IRAN, target=FIRST_GROUP, private=1, scripted=1))[0]
    assert line.endswith("[set by the scenario; unseen by others]")


def test_a_group_hides_behind_another_name(scenario: Scenario) -> None:
    bomb = event(act=Act.MI_CONVOY_IED, actor=FIRST_GROUP, target=Who.US, site=Site.CONVOY, facade=1)
    facades = scenario.groups[0].facades
    name = f"as {facades[0]}" if len(facades) == 1 else "under another name"
    assert told(scenario, bomb) == [f"{scenario.groups[0].name}, {name}, bombs a supply convoy."]


def test_a_warning_names_baghdad_once(scenario: Scenario) -> None:
    line = told(scenario, event(act=Act.US_LETTER_OF_WARNING, actor=Who.US, target=Who.IRAQ))[0]
    assert line.count("Baghdad") == 1


def test_text_has_a_dated_line_an_event(scenario: Scenario) -> None:
    lived = fake_lived(scenario, 1)
    chronicle = Chronicle.of(scenario, 0, lived.events)
    lines = str(chronicle).splitlines()
    assert len(lines) == len(chronicle) + 1 == len(lived.events) + 1
    assert f"(day {lived.events[0].day})" in lines[1]


def test_a_world_without_events_says_so(scenario: Scenario) -> None:
    assert str(Chronicle.of(scenario, 8, np.zeros(0, EVENT))).endswith("nothing happened.")


def test_html_escapes_names(scenario: Scenario) -> None:
    odd = scenario.with_({f"militias.{scenario.groups[0].id}.name": "<b>Army</b>"})
    html = Chronicle.of(odd, 0, event(act=Act.MI_THREATEN, actor=FIRST_GROUP))._repr_html_()
    assert "&lt;b&gt;Army&lt;/b&gt;" in html
    assert "<b>" not in html
