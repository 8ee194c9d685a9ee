"""Explanations: they add up, they tell the draw as it fell, and the world they tell is the ensemble's."""

import json
import textwrap
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

import sim
from sim.actions import BY_ID, CATALOGUE, Need
from sim.analysis.decision import Decision
from sim.analysis.explain import Explanation, explain
from sim.analysis.explain_words import NEEDS, TERMS
from sim.analysis.stages import add_up, kind_of, precision_of, stages
from sim.analysis.why_not import chance_if_possible
from sim.cli import app
from sim.drivers.deliberation import Deliberation
from sim.drivers.ensemble import chunks
from sim.drivers.mesa_model import CrisisModel
from sim.errors import InputError
from sim.rules.anticipate import value_of_reply
from sim.rules.feasible import REGULAR
from sim.scenario import Scenario, load
from sim.world.names import Aim, Class, Reply, Term

WORLDS = (0, 3, 11)


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load("baghdad-2020")


@pytest.fixture(scope="module")
def models(scenario: Scenario) -> list[CrisisModel]:
    return [sim.replay(scenario, world) for world in WORLDS]


@pytest.fixture(scope="module")
def sittings(models: list[CrisisModel]) -> list[Deliberation]:
    return [each for model in models for each in model.deliberations if each.chosen]


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> sim.Run:
    return sim.run("baghdad-2020", worlds=12, out=tmp_path_factory.mktemp("runs") / "run")


def test_a_replayed_world_is_the_ensembles(scenario: Scenario, models: list[CrisisModel]) -> None:
    lived = next(iter(chunks(scenario, max(WORLDS) + 1, depth="trace")))
    for world, model in zip(WORLDS, models, strict=True):
        assert model.trace.tobytes() == lived.events[lived.offsets[world] : lived.offsets[world + 1]].tobytes()
        assert model.outcome.tobytes() == lived.outcomes[world].tobytes()
        assert model.series.tobytes() == lived.series[world].tobytes()


def test_keeping_deliberations_changes_nothing(scenario: Scenario, models: list[CrisisModel]) -> None:
    for world, model in zip(WORLDS, models, strict=True):
        assert CrisisModel(scenario, world).run().trace.tobytes() == model.trace.tobytes()


def test_the_terms_add_up_to_the_utility_to_the_last_bit(sittings: list[Deliberation]) -> None:
    told = [option for each in sittings for option in (*each.options, *(out.option for out in each.ruled_out))]
    assert len(told) > 1000
    for option in told:
        assert list(option.terms) == [term.name.lower() for term in Term]
        assert add_up(option.terms) == option.utility, option.id


def test_the_probabilities_of_both_stages_sum_to_one(sittings: list[Deliberation]) -> None:
    for each in sittings:
        assert sum(option.chance for option in each.options) == pytest.approx(1.0, abs=1e-12)
        found = stages(each.options, float(each.traits.rationality))
        assert sum(slot.chance for slot in found.classes.values()) == pytest.approx(1.0, abs=1e-12)
        for kind in found.classes:
            inside = [found.acts[option.id].chance for option in each.options if kind_of(option) == kind]
            assert sum(inside) == pytest.approx(1.0, abs=1e-12)


def test_the_draw_falls_on_what_was_chosen_and_the_stages_give_its_chance(sittings: list[Deliberation]) -> None:
    """The rule draws by running sums, the stages by slots: two ways to the same act."""
    for each in sittings:
        assert each.choice is not None
        found = stages(each.options, float(each.traits.rationality))
        assert found.classes[kind_of(each.choice)].holds(each.uniforms[0])
        assert found.acts[each.choice.id].holds(each.uniforms[1])
        for option in each.options:
            assert found.chance(option) == pytest.approx(option.chance, abs=1e-12)


def test_every_act_of_the_menu_is_an_option_or_has_a_reason(sittings: list[Deliberation]) -> None:
    for each in sittings:
        if each.about:
            assert [option.id for option in each.options] == ["ir.restrain", "ir.permit", "ir.press"]
            continue
        menu = {action.id for action in CATALOGUE if action.owner == each.traits.kind}
        told = [option.id for option in each.options] + [out.option.id for out in each.ruled_out]
        assert sorted(told) == sorted(menu - {"ir.restrain", "ir.permit", "ir.press"})
        assert all(out.reasons for out in each.ruled_out), each


def test_the_pace_says_who_sat(models: list[CrisisModel]) -> None:
    for each in (each for model in models for each in model.deliberations):
        if each.draw < each.hazard:
            assert each.convened & REGULAR
        elif each.actor not in ("us", *(group.id for group in models[0].crisis_scenario.groups)):
            assert each.chosen is None


def test_objectives_are_weight_times_urgency_times_effect(scenario: Scenario, sittings: list[Deliberation]) -> None:
    for each in sittings:
        decision = Decision(scenario, each)
        for option in each.options:
            for aim in (Aim.SAFE, Aim.HOME, Aim.CASH, Aim.BLOOD):
                weight, urgency, effect = decision.factors_of(option, aim.name.lower())
                assert option.terms[aim.name.lower()] == weight * urgency * effect


def test_beliefs_stay_those_of_the_morning(models: list[CrisisModel]) -> None:
    """A deliberation kept while the world went on still says what was believed then."""
    early = next(each for each in models[0].deliberations if each.actor == "us" and each.chosen)
    again = CrisisModel(models[0].crisis_scenario, WORLDS[0]).run(early.day)
    again.morning()
    for name, value in again.actors[0].beliefs.items():
        assert early.state[name] == value


def test_expected_replies_are_what_the_term_was_made_of(sittings: list[Deliberation], scenario: Scenario) -> None:
    told = 0
    for each in sittings:
        for option in each.options:
            target = scenario.actors.index(option.target) if option.target else -1
            replies = each.replies(option, target)
            worth = sum(
                reply.concern * chance * value_of_reply(each.crisis, Reply[name.upper()].value)
                for reply in replies
                for name, chance in reply.chances.items()
            )
            worth *= float(each.traits.anticipation) * each.named(option)
            assert option.terms["anticipation"] == pytest.approx(worth, abs=1e-12)
            assert all(sum(reply.chances.values()) == pytest.approx(1.0, abs=2e-3) for reply in replies)
            told += bool(replies)
    assert told > 100


def test_every_word_is_there() -> None:
    assert set(TERMS) == {term.name.lower() for term in Term}
    assert {need.name for need in Need if need != Need.NONE} <= set(NEEDS)


def test_texts_fit_80_columns_and_tell_the_chosen_act(scenario: Scenario, sittings: list[Deliberation]) -> None:
    for each in sittings[:150]:
        text = str(Decision(scenario, each))
        assert max(map(len, text.splitlines())) <= 80, text
        assert f"{each.choice.utility:+.3f}" in text


def told(text: object) -> str:
    """Words of a text without its line breaks."""
    return " ".join(str(text).split())


def test_why_not_names_the_missing_precondition(scenario: Scenario, sittings: list[Deliberation]) -> None:
    seen = set()
    for each in sittings:
        for out in each.ruled_out:
            from sim.analysis.why_not import why_not

            text = " ".join(why_not(Decision(scenario, each), out.option.id))
            for reason in out.reasons:
                assert f"[{reason}]" in text
                seen.add(reason)
    assert {"ATTACKED", "LINE_CROSSED", "CLOCK_ENDED", "REPEATED", "WAIVER_EXPIRING"} & seen


def test_why_not_says_how_far_an_act_fell_short_and_what_would_bring_it_level(
    scenario: Scenario, sittings: list[Deliberation]
) -> None:
    from sim.analysis.why_not import _single_moves, why_not

    checked = 0
    for each in sittings:
        best = max(each.options, key=lambda option: option.utility)
        for option in each.options:
            if option.id == each.chosen or option is best:
                continue
            text = " ".join(why_not(Decision(scenario, each), option.id))
            assert f"{best.utility - option.utility:.3f} red lines short" in text
            for move in _single_moves(Decision(scenario, each), option, best):
                checked += "instead of" in move
    assert checked > 100


def test_a_single_move_really_closes_the_gap(scenario: Scenario, sittings: list[Deliberation]) -> None:
    """Put the urgency that the text names into the sum, and the two utilities are equal."""
    from sim.analysis.why_not import _pull

    closed = 0
    for each in sittings:
        decision, best = Decision(scenario, each), max(each.options, key=lambda option: option.utility)
        for option in each.options:
            for term in ("safe", "hurt", "name", "blood"):
                if option is best or not (pull := _pull(decision, option, best, term)):
                    continue
                urgency, slope = pull
                wanted = urgency + (best.utility - option.utility) / slope
                utilities = [
                    each_option.utility + each_option.terms[term] * (wanted / urgency - 1.0)
                    if decision.factors_of(each_option, term)[1] == urgency
                    else each_option.utility
                    for each_option in (option, best)
                ]
                assert utilities[0] == pytest.approx(utilities[1], abs=1e-9)
                closed += 1
    assert closed > 100


def test_chance_if_possible_is_that_of_a_menu_that_holds_it(scenario: Scenario, sittings: list[Deliberation]) -> None:
    """Take an option away and ask what its chance would be: the chance it had."""
    from dataclasses import replace

    for each in sittings[:50]:
        for option in each.options:
            if kind_of(option) == Class.HOLD or len(each.options) < 3:
                continue
            without = replace(each, options=tuple(o for o in each.options if o is not option))
            assert chance_if_possible(Decision(scenario, without), option) == pytest.approx(option.chance, abs=1e-12)


def test_explain_a_day_an_actor_and_the_nearest_sitting(models: list[CrisisModel]) -> None:
    us = next(each for each in models[1].deliberations if each.actor == "us" and each.chosen)
    day = explain("baghdad-2020", WORLDS[1], day=us.day, actor="us")
    assert [each.deliberation.day for each in day.decisions] == [us.day]
    assert BY_ID[us.chosen].title in told(day)
    nearest = explain("baghdad-2020", WORLDS[1], why_not="us.strike_limited")
    assert nearest.decisions[0].deliberation.actor == "us"
    assert "strikes depots" in told(nearest)


def test_the_whole_story_holds_the_chronicle_and_every_act(models: list[CrisisModel]) -> None:
    whole = explain("baghdad-2020", WORLDS[1])
    assert len(whole.chronicle) == len(models[1].trace)
    text = told(whole)
    for line in whole.chronicle:
        assert told(line.text) in text
    assert isinstance(whole, Explanation)
    assert all(each.deliberation.chosen for each in whole.decisions)


def test_json_keeps_the_last_bit(stored: sim.Run) -> None:
    assert stored.folder is not None
    done = CliRunner().invoke(app, ["explain", str(stored.folder), "--world", "3", "--json"])
    assert done.exit_code == 0, done.output
    content = json.loads(done.stdout)
    assert content["decisions"]
    for decision in content["decisions"]:
        for option in decision["options"]:
            assert add_up(option["terms"]) == option["utility"]


def test_a_run_picks_its_worlds(stored: sim.Run) -> None:
    assert explain(stored, pick="representative").model.world == stored.representative()
    assert explain(stored, pick="surprising").model.world == stored.surprising(1)["world"].iloc[0]


def test_a_run_of_other_rules_is_refused(stored: sim.Run) -> None:
    changed = stored.outcomes.copy()
    changed["rockets"] += 1
    stale = sim.Run(stored.scenario, stored._tables, stored.worlds, stored.depth, stored.folder)
    stale.__dict__["outcomes"] = changed
    with pytest.raises(InputError, match=r"ends differently \(rockets\)"):
        explain(stale, 3)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--world", "99"], "worlds 0 to 11"),
        (["--world", "-1"], "no world -1"),
        (["--day", "90"], "days 0 to 89"),
        (["--actor", "irak"], "did you mean 'iraq'"),
        (["--why-not", "us.strike_limitd"], "did you mean 'us.strike_limited'"),
        (["--why-not", "mi.salvo"], "name the actor with --actor"),
        (["--why-not", "mi.salvo", "--actor", "us"], "name the actor with --actor"),
        (["--pick", "odd"], "representative"),
        (["--pick", "surprising", "--world", "1"], "not both"),
    ],
)
def test_bad_questions_get_one_message(stored: sim.Run, arguments: list[str], message: str) -> None:
    done = CliRunner().invoke(app, ["explain", str(stored.folder), *arguments])
    assert done.exit_code == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_replay_takes_a_run_its_folder_its_manifest_and_a_scenario(stored: sim.Run) -> None:
    folder = Path(str(stored.folder))
    traces = [sim.replay(source, 2).trace for source in (stored, folder, folder / "manifest.json", "baghdad-2020")]
    assert all(np.array_equal(trace, traces[0]) for trace in traces)
    with pytest.raises(InputError, match="not a run"):
        sim.replay(folder.parent / "manifest.json")


def test_a_world_of_a_point_of_a_sweep_is_told_as_it_was(tmp_path: Path) -> None:
    design = {"us.red_line": [1, 3], "us.mindset": ["washington-caution"]}
    swept = sim.sweep("baghdad-2020", design, worlds=4, out=tmp_path / "sweep")
    stored = swept.read(point=1)
    told_ = explain(tmp_path / "sweep", 2, point=1)
    assert told_.model.outcome["severity"] == stored["severity"].iloc[2]
    assert told_.model.actors[0].traits.red_line == 3
    assert "washington-caution" in str(told_)
    with pytest.raises(InputError, match="--point"):
        explain(swept, 2)
    with pytest.raises(InputError, match="points 0 to 1"):
        explain(swept, 2, point=2)
    with pytest.raises(InputError, match="only a sweep"):
        explain("baghdad-2020", 2, point=0)


def test_rival_rules_give_their_own_chances(scenario: Scenario) -> None:
    """A rule without a draw gives probability 1 to what it chose; tit for tat shares it with forgiveness."""
    for policy in ("passive", "expected_utility", "tit_for_tat", "random"):
        model = sim.replay(scenario.with_({"policies": {"us": policy, "iran": policy}}), 5)
        sat = [each for each in model.deliberations if each.actor in ("us", "iran") and each.chosen]
        assert sat
        for each in sat:
            assert each.choice is not None
            assert sum(option.chance for option in each.options) == pytest.approx(1.0, abs=1e-12)
            assert each.choice.chance > 0.0
            assert (precision_of(each) is None) == (policy != "random")
            if policy in ("passive", "expected_utility"):
                assert each.choice.chance == 1.0


def test_mindsets_drawn_in_this_world_are_named(scenario: Scenario) -> None:
    mixed = scenario.with_({"us": {"mindset": "washington-caution"}})
    assert "Washington washington-caution" in told(explain(mixed, 0))


def test_chronicle_lines_fit(models: list[CrisisModel]) -> None:
    text = str(explain("baghdad-2020", WORLDS[0]))
    assert max(map(len, text.splitlines())) <= 80
    assert textwrap.dedent(text).startswith("World 0 of")
