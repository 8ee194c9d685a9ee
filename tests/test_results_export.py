"""CAMEO rows: codes, values, and files that other tools read."""

from pathlib import Path

import pandas as pd
import pytest
from fake_worlds import fake_lived

from sim.actions import BY_ID, CATALOGUE
from sim.errors import InputError
from sim.results.export import NO_CODE, actor_code, event_rows, export_events, quad_class
from sim.results.tables import events_of
from sim.scenario import Scenario, load


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load("baghdad-2020")


@pytest.fixture(scope="module")
def events(scenario: Scenario) -> pd.DataFrame:
    return events_of(fake_lived(scenario, 30), scenario)


def test_every_coded_act_has_a_root_and_a_quad_class() -> None:
    for action in CATALOGUE:
        if action.cameo != NO_CODE:
            assert action.cameo.isdigit(), action.id
            assert quad_class(action.cameo) in (1, 2, 3, 4), action.id


@pytest.mark.parametrize(("code", "quad"), [("0256", 1), ("046", 1), ("0871", 2), ("138", 3), ("145", 3), ("195", 4)])
def test_quad_class_is_gdelts(code: str, quad: int) -> None:
    assert quad_class(code) == quad


def test_actor_codes(scenario: Scenario) -> None:
    assert [actor_code(actor) for actor in scenario.actors[:5]] == ["USAGOV", "IRNGOV", "IRQGOV", "IRQOPP", "WST"]
    assert {actor_code(group.id) for group in scenario.groups} == {"IRQREB"}


def test_a_row_says_who_did_what_to_whom(events: pd.DataFrame, scenario: Scenario) -> None:
    rows = event_rows(events, scenario)
    salvo = rows[rows["EventCode"] == "194"].iloc[0]
    assert salvo["Actor1Code"] == "IRQREB"
    assert salvo["Actor1Name"] in {group.name for group in scenario.groups}
    assert (salvo["Actor2Code"], salvo["Actor2CountryCode"], salvo["Actor2Type1Code"]) == ("USAGOV", "USA", "GOV")
    assert (salvo["EventRootCode"], salvo["QuadClass"], salvo["GoldsteinScale"]) == ("19", 4, -10.0)
    assert salvo["ActionGeo_FullName"] == "the embassy"
    assert rows["GLOBALEVENTID"].is_unique


def test_dates_are_those_of_the_run(events: pd.DataFrame, scenario: Scenario) -> None:
    rows = event_rows(events, scenario)
    first = events.iloc[0]
    assert rows["SQLDATE"].iloc[0] == int(first["date"].strftime("%Y%m%d"))
    assert rows["SQLDATE"].min() >= int(f"{scenario.start:%Y%m%d}")


def test_goldstein_sum_is_that_of_the_catalogue(events: pd.DataFrame, scenario: Scenario) -> None:
    expected = sum(BY_ID[act].goldstein for act in events["act"].astype(str) if BY_ID[act].cameo != NO_CODE)
    assert event_rows(events, scenario, private=True)["GoldsteinScale"].sum() == pytest.approx(expected)


def test_what_observers_did_not_see_is_left_out(events: pd.DataFrame, scenario: Scenario) -> None:
    secret = events.assign(private=events["act"] == "mi.salvo")
    assert "194" not in set(event_rows(secret, scenario)["EventCode"])
    assert "194" in set(event_rows(secret, scenario, private=True)["EventCode"])


def test_csv_keeps_leading_zeros(events: pd.DataFrame, scenario: Scenario, tmp_path: Path) -> None:
    written = export_events(events, scenario, tmp_path / "events.csv")
    back = pd.read_csv(tmp_path / "events.csv", dtype=str, keep_default_na=False)
    assert len(back) == written > 0
    assert "045" in set(back["EventCode"])


def test_parquet_holds_the_same_rows(events: pd.DataFrame, scenario: Scenario, tmp_path: Path) -> None:
    export_events(events, scenario, tmp_path / "events.parquet")
    back = pd.read_parquet(tmp_path / "events.parquet")
    pd.testing.assert_frame_equal(back, event_rows(events, scenario))


@pytest.mark.parametrize("name", ["events.xlsx", "events", "no/such/folder/events.csv"])
def test_a_file_that_cannot_be_written_is_bad_input(
    name: str, events: pd.DataFrame, scenario: Scenario, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match="cannot write"):
        export_events(events, scenario, tmp_path / name)


def test_a_scenario_may_change_a_goldstein_value(events: pd.DataFrame, scenario: Scenario) -> None:
    milder = scenario.with_({"actions.mi.salvo.goldstein": -8.5})
    rows = event_rows(events, milder)
    assert set(rows.loc[rows["EventCode"] == "194", "GoldsteinScale"]) == {-8.5}
