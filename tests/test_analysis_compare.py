"""Comparisons under the same luck: what they add up to, and that they are what lived worlds say."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

import sim
from sim.analysis import compare as module
from sim.analysis.compare import Comparison, compare, variants
from sim.analysis.indicators import INDICATORS
from sim.analysis.layout import as_text
from sim.analysis.paired import paired_means, paired_shares
from sim.cli import app
from sim.drivers.ensemble import chunks, live_chunk
from sim.errors import InputError
from sim.results.drawing import plots
from sim.results.run import run
from sim.results.scores import decode
from sim.scenario import load

WORLDS = 40


@pytest.fixture(scope="module")
def found() -> Comparison:
    base = load("baghdad-2020")
    barrage = {"day": 9, "act": "mi.barrage", "by": "kataib_hezbollah", "at": "us", "rockets": 30, "us_killed": 4}
    return compare(
        {"base": base, "same": base, "barrage": base.with_({"events+": [barrage]})}, WORLDS
    )  # fmt: skip


def test_a_scenario_does_not_differ_from_itself(found: Comparison) -> None:
    same = found.differences.query("scenario == 'same'")
    assert (same[["difference", "gained", "lost"]] == 0).all().all()
    shares = same[(same["unit"] == "share of worlds") & (same["settled"] == "")]
    assert (shares["low"] < 0).all()
    assert (shares["high"] > 0).all()
    rest = same.drop(shares.index)
    assert rest["low"].isna().all()  # nothing says how far a number that never changes could
    assert found.changed(found.others[0]).empty
    assert found.others[0].divergences.empty
    assert found.first_acts(found.others[0]).empty


def test_worlds_are_those_of_an_ordinary_run(found: Comparison) -> None:
    chunk = next(iter(chunks(load("baghdad-2020"), WORLDS, "outcomes")))
    pd.testing.assert_frame_equal(found.base.outcomes, decode(chunk.outcomes))


def test_differences_add_up(found: Comparison) -> None:
    rows = found.differences
    assert np.allclose(rows["difference"], rows["other"] - rows["base"])
    shares = rows[rows["unit"] == "share of worlds"]
    assert np.allclose(shares["difference"], shares["gained"] - shares["lost"])
    assert list(rows["outcome"][: len(INDICATORS)]) == list(INDICATORS)


def test_intervals_are_paired(found: Comparison) -> None:
    rows = found.differences.query("scenario == 'barrage'").set_index("outcome")
    old, new = found.base.outcomes, found.others[1].outcomes
    share = paired_shares(old["us_struck"].to_numpy(), new["us_struck"].to_numpy())
    assert (rows.loc["us_struck", "low"], rows.loc["us_struck", "high"]) == (share.low, share.high)
    mean = paired_means(old["rockets"].to_numpy(), new["rockets"].to_numpy())
    assert (rows.loc["rockets", "low"], rows.loc["rockets", "high"]) == (mean.low, mean.high)


def test_four_dead_americans_are_seen(found: Comparison) -> None:
    rows = found.differences.query("scenario == 'barrage'").set_index("outcome")
    assert rows.loc["us_death", "other"] == 1
    assert rows.loc["us_killed", "difference"] > 3
    assert rows.loc["us_struck", "low"] > 0


def test_changed_worlds_are_those_whose_label_differs(found: Comparison) -> None:
    side = found.others[1]
    old, new = found.base.outcomes, side.outcomes
    by_hand = [w for w in range(WORLDS) if any(old[name][w] != new[name][w] for name in ("embassy", "force", "truce"))]
    assert found.changed(side).tolist() == by_hand
    assert found.changed(side, "us_struck").tolist() == np.flatnonzero(old["us_struck"] != new["us_struck"]).tolist()


def test_every_changed_world_has_parted_somewhere(found: Comparison) -> None:
    side = found.others[1]
    assert set(found.changed(side)) <= set(side.divergences["world"])
    acts = found.first_acts(side)
    assert acts["worlds"].sum() == len(found.changed(side))
    assert acts["share"].sum() == pytest.approx(1)


def test_moves_hold_every_world(found: Comparison) -> None:
    moves = found.moves(found.others[1], "force")
    assert moves["worlds"].sum() == WORLDS
    assert moves["share"].sum() == pytest.approx(1)
    stayed = moves.loc[moves["from"] == moves["to"], "worlds"].sum()
    assert stayed == (found.base.outcomes["force"] == found.others[1].outcomes["force"]).sum()


def test_days_shift_only_where_both_come(found: Comparison) -> None:
    rows = found.days.query("scenario == 'barrage'").set_index("column")
    old, new = found.base.outcomes["us_death_day"], found.others[1].outcomes["us_death_day"]
    both = (old >= 0) & (new >= 0)
    assert rows.loc["us_death_day", "pairs"] == both.sum()
    if both.sum() > 1:
        assert rows.loc["us_death_day", "shift"] == pytest.approx((new - old)[both].mean())
    assert rows.loc["war_day", "pairs"] > 1 or np.isnan(rows.loc["war_day", "shift"])


def test_chunks_do_not_change_a_comparison(found: Comparison, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CHUNK", 7)
    again = compare({side.name: side.scenario for side in (found.base, *found.others)}, WORLDS)
    pd.testing.assert_frame_equal(again.differences, found.differences)
    for one, other in zip(again.others, found.others, strict=True):
        pd.testing.assert_frame_equal(one.divergences, other.divergences)


def test_all_are_given_the_luck_of_the_first() -> None:
    base = load("baghdad-2020")
    found = compare([base, base.with_({"seed": 5})], 6)
    assert found.others[0].scenario.seed == base.seed
    assert (found.differences["difference"] == 0).all()
    assert [found.base.name, found.others[0].name] == ["baghdad-2020", "baghdad-2020 (2)"]


def test_few_worlds_that_differ_are_marked(found: Comparison) -> None:
    rows = found.differences
    assert rows.loc[rows["gained"] + rows["lost"] == 0, "few"].eq(rows["unit"] != "share of worlds").any()
    assert not rows.loc[rows["unit"] == "share of worlds", "few"].any()
    assert found.differences.query("scenario == 'same' and unit != 'share of worlds'")["few"].all()


def test_progress_counts_every_scenario() -> None:
    told: list[tuple[int, int]] = []
    compare(["baghdad-2020", "baghdad-2020"], 5, progress=lambda done, total: told.append((done, total)))
    assert told == [(10, 10)]


def test_what_cannot_be_compared_is_refused() -> None:
    with pytest.raises(InputError, match="two scenarios or more"):
        compare(["baghdad-2020"])
    with pytest.raises(InputError, match="at least 2 worlds"):
        compare(["baghdad-2020", "baghdad-2020"], 1)
    with pytest.raises(InputError, match="did you mean 'baghdad-2020'"):
        compare(["baghdad-2020", "bagdad-2020"])


def test_variants_of_the_command_line() -> None:
    found = variants(["baghdad-2020"], ["us.red_line=2"], ["iran.rationality=3", "us.red_line=4"])
    assert list(found) == ["baghdad-2020", "iran.rationality=3, us.red_line=4"]
    base, other = found.values()
    assert (base.values["us.red_line"], other.values["us.red_line"], other.values["iran.rationality"]) == (2, 4, 3)


def test_a_run_folder_stands_for_its_scenario(tmp_path: Path) -> None:
    changed = load("baghdad-2020").with_({"us.red_line": 3})
    run(changed, 3, out=tmp_path / "run", depth="outcomes")
    assert module.loaded_scenario(tmp_path / "run").values["us.red_line"] == 3
    assert list(variants(["baghdad-2020", str(tmp_path / "run")])) == ["baghdad-2020", "run"]
    with pytest.raises(InputError, match="is not a run"):
        module.loaded_scenario(tmp_path)
    assert module.loaded_scenario(tmp_path / "run", ["us.red_line=4"]).values["us.red_line"] == 4


def test_numbers_are_json_and_the_folder_holds_what_it_says(found: Comparison, tmp_path: Path) -> None:
    target = found.save(tmp_path / "out")
    numbers = json.loads((target / "numbers.json").read_text())
    assert numbers["worlds"] == WORLDS
    assert len(numbers["differences"]) == 2 * len(INDICATORS)
    assert numbers["turned"]["barrage"]["worlds"] == len(found.changed(found.others[1]))
    assert len(pd.read_csv(target / "differences.csv")) == len(found.differences)
    for name in ("differences-barrage", "first-acts-barrage"):
        assert (target / f"{name}.png").stat().st_size > 5000
        assert (target / f"{name}.svg").read_text().startswith("<?xml")
    assert "barrage" in (target / "summary.md").read_text()
    found.save(target)  # an analysis may be replaced


def test_something_else_is_not_replaced(found: Comparison, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(InputError, match="not an analysis"):
        found.save(tmp_path)
    assert (tmp_path / "mine.txt").read_text() == "mine"


def test_sentences_name_the_change_and_the_first_act(found: Comparison) -> None:
    lines = found.sentences()
    assert any(line.startswith("barrage: ") and f"of {WORLDS} worlds end differently" in line for line in lines)
    told = [line for line in lines if line.startswith("US strike: ")]
    assert len(told) == 1
    assert "What an actor first did otherwise was most often: " in told[0]


def test_the_cause_is_named_and_heads_no_headline(found: Comparison) -> None:
    """An American dies because the scenario says so: that is the cause, not a finding."""
    lines = [line for line in found.sentences() if not line.startswith("same")]
    assert lines[1].startswith("Set otherwise in barrage: scripted: mi.barrage by kataib_hezbollah at us on 7 Oct 2020")
    assert lines[2].startswith("Set in barrage: American killed (the scenario scripts mi.barrage on 7 Oct 2020)")
    assert not any(line.startswith("American killed") for line in lines)
    row = found.differences.query("scenario == 'barrage'").set_index("outcome").loc["us_death"]
    assert (row["settled"], row["other"]) == ("other", 1)
    assert "American killed" not in plots("compare").differences(found, side=found.others[1]).get_title(loc="left")
    assert found.to_dict()["changes"]["barrage"] == found.changes(found.others[1])


def test_what_cannot_come_has_no_interval(found: Comparison) -> None:
    """Closing takes ninety days, and the last of ninety is day 89."""
    rows = found.differences.query("outcome == 'closed'")
    assert (rows["settled"] == "both").all()
    assert rows[["low", "high"]].isna().all().all()
    assert "cannot" in as_text(found)


@pytest.fixture(scope="module")
def unequal() -> Comparison:
    return compare(["baghdad-2020", "closure-now"], WORLDS)


def test_unequal_horizons_are_cut_at_the_shorter(unequal: Comparison) -> None:
    by_hand = compare(["baghdad-2020", load("closure-now").with_({"horizon": 90})], WORLDS)
    pd.testing.assert_frame_equal(unequal.differences, by_hand.differences)
    pd.testing.assert_frame_equal(unequal.days, by_hand.days)
    assert {name: whole.horizon for name, whole in unequal.cut.items()} == {"closure-now": 120}
    turned_round = compare(["closure-now", "baghdad-2020"], WORLDS)
    assert turned_round.differences["difference"].tolist() == (-by_hand.differences["difference"]).tolist()


def test_a_cut_world_is_the_beginning_of_the_long_one() -> None:
    long = load("closure-now").with_({"events+": [{"day": 100, "act": "us.designate"}]})
    whole, short = (live_chunk(each, 0, 10, "trace") for each in (long, module.cut(long, 40)))
    first = whole.events[whole.events["day"] < 40]
    for field in first.dtype.names:
        if field != "believed_author":  # evidence that comes later may name one
            assert (first[field] == short.events[field]).all()
    assert module.cut(long, 120) is long


def test_the_cut_is_said_everywhere(unequal: Comparison, tmp_path: Path) -> None:
    words = "in the first 90 days"
    assert all(words in line for line in unequal.sentences() if "points (" in line or "end differently" in line)
    assert as_text(unequal, 130).count(words) >= 3
    assert any("closure-now lasts 120 days: all are cut after 90" in note for note in unequal.to_dict()["notes"])
    for draw in (plots("compare").differences, plots("compare").first_acts):
        ax = draw(unequal)
        assert words in ax.get_title(loc="left").replace("\n", " ")
        assert words in ax.figure.get_supxlabel()
    target = unequal.save(tmp_path / "out")
    for table in ("differences", "days", "first_differences"):
        assert (pd.read_csv(target / f"{table}.csv")["horizon"] == 90).all()
    assert json.loads((target / "numbers.json").read_text())["horizon"] == 90


def test_unequal_starts_are_counted_from_each(unequal: Comparison) -> None:
    asked = {"id": "raid", "text": "A strike by {end}?", "measure": "us_strikes", "statistic": "total"}
    asking = load("baghdad-2020").with_({"questions": [asked | {"comparison": ">=", "threshold": 1}]})
    found = compare([asking, asking.with_({"start": "2020-10-05"})], 6)
    assert found.basis == "in the first 90 days of each"
    assert found.asked == ()  # it asks about other dates of each
    assert any("starts on 2020-10-05" in note for note in found.to_dict()["notes"])
    assert not any("Oct 2020)" in line for line in found.sentences())
    assert unequal.dated


def test_questions_about_other_days_are_not_asked() -> None:
    asked = {"text": "A strike by {end}?", "measure": "us_strikes", "statistic": "total", "comparison": ">="}
    late = [asked | {"id": "late", "threshold": 1, "closes": 110}, asked | {"id": "end", "threshold": 1}]
    longer = load("closure-now").with_({"questions": late})
    found = compare(["baghdad-2020", longer], 4)
    assert [question.id for question in found.asked] == ["end"]
    assert found.questions["text"].tolist() == ["A strike by 26 December 2020?"]


def test_changes_that_change_nothing_are_refused(tmp_path: Path) -> None:
    for also in (["seed=7"], ["horizon=120"], ["us.red_line=1"], ["us.red_line=2", "seed=3"], ["title=Mine"]):
        with pytest.raises(InputError, match=r"--with .* would change nothing in what is compared"):
            variants(["baghdad-2020"], (), also)
    with pytest.raises(InputError, match="would change nothing"):
        variants(["baghdad-2020"], (), ["us.red_line=2", "us.red_line=3"])
    mine = tmp_path / "mine.yaml"
    mine.write_text("extends: baghdad-2020\nseed: 7\n")
    for other in ("baghdad-2020", str(mine)):
        with pytest.raises(InputError, match="has the same worlds as baghdad-2020"):
            variants(["baghdad-2020", other])


def test_the_seed_of_all_is_honoured() -> None:
    found = compare(variants(["baghdad-2020", "no-threat"], ["seed=7"]), 6)
    own = run(load("baghdad-2020", ["seed=7"]), 6, depth="outcomes").outcomes
    pd.testing.assert_frame_equal(found.base.outcomes, own)


def test_the_command_prints_and_writes(tmp_path: Path) -> None:
    done = CliRunner().invoke(
        app, ["compare", "baghdad-2020", "--with", "us.red_line=5", "--worlds", "6", "--out", str(tmp_path / "out")]
    )
    assert done.exit_code == 0, done.output
    assert "us.red_line=5" in done.stdout
    assert (tmp_path / "out" / "numbers.json").exists()


def test_the_command_prints_json() -> None:
    done = CliRunner().invoke(app, ["compare", "baghdad-2020", "--with", "us.red_line=5", "--worlds", "6", "--json"])
    assert json.loads(done.stdout)["scenarios"] == ["us.red_line=5"]


def test_the_command_refuses_in_one_message() -> None:
    done = CliRunner().invoke(app, ["compare", "baghdad-2020", "--with", "us.red_lime=5"])
    assert done.exit_code == 2
    assert "did you mean 'red_line'" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_public_face() -> None:
    assert sim.compare is compare
