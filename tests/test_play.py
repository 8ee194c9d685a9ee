"""The game: seats, undo, saving, scripts, fog, debrief."""

import io
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from sim.actions import BY_ID, CATALOGUE, Need
from sim.cli import app
from sim.drivers.ensemble import chunks
from sim.drivers.mesa_model import CrisisModel
from sim.errors import InputError, SimError
from sim.play import Choice, Game, Setting, Terminal, go_on, play, read_script
from sim.play.advice import advice
from sim.play.briefing import NEVER, Known, briefing, closed, days_to_review, offers
from sim.play.debrief import debrief
from sim.play.odds import branches, live_line, plan
from sim.play.saved import resume, save
from sim.play.seen import Seen
from sim.play.session import Session, alarms, urgent
from sim.play.table import Table
from sim.scenario import Scenario, load
from sim.world.names import Directive

SHORT = ["horizon=14", "seed=5"]


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load("baghdad-2020", SHORT)


def random_game(scenario: Scenario, seats: tuple[str, ...], world: int, days: int | None = None) -> Game:
    """A game in which the seats do whatever comes to mind."""
    game, dice = Game(scenario, seats, world), np.random.default_rng(world)
    while not game.over and game.day != days:
        choices = []
        game.stop()
        for seat in seats:
            act = str(dice.choice([option.id for option in game.options(seat)]))
            orders = {"kataib_hezbollah": "press"} if seat == "iran" and game.day in (0, 13) else {}
            choices.append(Choice(game.day, seat, act if dice.random() < 0.5 else None, orders))
        game.live(choices)
    return game


def at_the_table(lines: list[str], out: io.StringIO | None = None, compare: int = 20) -> Setting:
    return Setting(None, compare, Terminal(lines, out or io.StringIO()))


def test_a_seat_that_always_holds_is_a_world_with_a_passive_actor(scenario: Scenario) -> None:
    game = Game(scenario, ["us"], 2)
    while not game.over:
        game.live()
    passive = CrisisModel(scenario.with_({"policies": {"us": "passive"}}), 2).run()
    assert game.model.trace.tobytes() == passive.trace.tobytes()


def test_a_game_lived_again_from_its_choices_is_the_same_game(scenario: Scenario) -> None:
    game = random_game(scenario, ("us", "iran", "kataib_hezbollah"), 4)
    again = game.lived_again()
    assert game.choices
    assert again.trace.tobytes() == game.model.trace.tobytes()
    assert again.outcome.tobytes() == game.model.outcome.tobytes()
    assert [each.chosen for each in again.deliberations if each.actor == "us" and each.day == game.choices[0].day]


def test_undo_goes_back_to_the_last_day_asked_and_the_same_choices_lead_to_the_same_world(scenario: Scenario) -> None:
    game = random_game(scenario, ("us",), 6, days=9)
    trace, choices = game.model.trace.tobytes(), list(game.choices)
    assert game.undo()
    assert game.day == 8
    assert game.undo()
    assert game.day == 7
    assert all(choice.day < 7 for choice in game.choices)
    while game.day < 9:
        game.live([choice for choice in choices if choice.day == game.day])
    assert game.model.trace.tobytes() == trace
    first = Game(scenario, ["us"], 6)
    assert not first.undo()


def test_a_saved_game_goes_on_where_it_stood(scenario: Scenario, tmp_path: Path) -> None:
    game = random_game(scenario, ("us", "iran"), 8, days=13)
    path = save(game, tmp_path / "a.game.yaml", "baghdad-2020", SHORT)
    assert len(path.read_text().splitlines()) < 60
    again, source, changes = resume(path)
    assert (source, changes, again.day, again.stops) == ("baghdad-2020", SHORT, 13, game.stops)
    assert again.choices == game.choices
    assert again.model.trace.tobytes() == game.model.trace.tobytes()
    game.live()
    again.live()
    assert again.model.outcome.tobytes() == game.model.outcome.tobytes()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("game: 1", "game: 2", "not a saved game of version 1"),
        ("world:", "wurld:", "lacks world"),
        ("world: 8", "world: -1", "world cannot be used"),
        ("seats: [us, iran]", "seats: us", "seats cannot be used"),
        ("hash: ", "hash: x", "has changed since it was saved"),
        ("act: us.", "act: usa.", "cannot do usa"),
        ("seat: us", "seat: iraq", "iraq"),
        ("scenario: baghdad-2020", "scenario: baghdat-2020", "baghdad-2020"),
        ("game: 1", "game: [", "not valid YAML"),
    ],
)
def test_a_damaged_save_gets_one_message(scenario: Scenario, tmp_path: Path, old: str, new: str, message: str) -> None:
    path = save(random_game(scenario, ("us", "iran"), 8, days=13), tmp_path / "a.game.yaml", "baghdad-2020", SHORT)
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    done = CliRunner().invoke(app, ["play", "--resume", str(path)])
    assert done.exit_code == 2, done.output
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_what_is_not_possible_is_refused_and_nothing_happens(scenario: Scenario) -> None:
    game = Game(scenario, ["us", "iran"], 0)
    before = game.model.trace.tobytes()
    for choice, message in (
        (Choice(0, "us", "us.complete_closure"), "cannot do us.complete_closure"),
        (Choice(0, "iraq", "iq.guard"), "unknown seat"),
        (Choice(3, "us", "us.talk"), "today is day 0"),
        (Choice(0, "us", None, {"badr": "press"}), "only Tehran"),
        (Choice(0, "iran", None, {"badr": "shout"}), "unknown order"),
        (Choice(0, "iran", None, {"bader": "press"}), "did you mean 'badr'"),
    ):
        with pytest.raises(InputError, match=message):
            game.live([choice])
        assert game.day == 0
    assert game.model.trace.tobytes() == before
    with pytest.raises(InputError, match="did you mean 'us'"):
        Game(scenario, ["usa"])
    with pytest.raises(InputError, match="once"):
        Game(scenario, ["us", "us"])
    while not game.over:
        game.live()
    with pytest.raises(SimError, match="over"):
        game.live()


def test_orders_go_out_once(scenario: Scenario) -> None:
    game = Game(scenario, ["iran"], 1)
    game.live([Choice(0, "iran", None, {"kataib_hezbollah": "press"})])
    assert game.view("iran").under_way == [("ir.press", "kataib_hezbollah", 0)]
    with pytest.raises(InputError, match="on its way"):
        game.check_order("iran", "kataib_hezbollah", "restrain")
    while game.view("iran").under_way:
        game.live()
    assert game.view("iran").groups["kataib_hezbollah"]["directive"] == 1.0


def test_a_briefing_holds_what_the_seat_knows_and_fits_80_columns(scenario: Scenario) -> None:
    for seat in ("us", "iran", "iraq", "sadr", "coalition", "kataib_hezbollah"):
        game = random_game(scenario, (seat,), 10, days=8)
        page = briefing(game, seat, Known())
        assert max(map(len, page)) <= 80, seat
        text = " ".join(" ".join(page).split())
        for offer in offers(game, seat):
            assert offer.title[:40] in text
        assert offers(game, seat)[0].worth == 0.0


def test_what_others_hide_is_not_in_the_log() -> None:
    """Nothing that a seat reads depends on the true author of an attack that was not named, nor on private acts."""
    scenario = load("baghdad-2020", ["horizon=45"])
    model = CrisisModel(scenario, 7).run()
    seen = Seen(model, "us")
    blamed = {row.event: row for row in seen.events.itertuples()}
    text = {line.event: line.text for line in seen.lines}
    hidden = [e for e in range(len(model.trace)) if model.trace[e]["private"] and model.trace[e]["actor"] != 0]
    assert not set(hidden) & set(text)
    wrong = [row for row in blamed.values() if not seen.known(row) and row.believed_author != row.actor]
    assert wrong
    for row in wrong:
        assert seen.names[row.actor] not in text[row.event]
        assert "rumour" in text[row.event] or "unknown group" in text[row.event] or "front" in text[row.event]


def test_advice_tells_terms_and_answers(scenario: Scenario) -> None:
    game = Game(scenario, ["us"], 3)
    found = offers(game, "us")
    number = next(n for n, offer in enumerate(found) if offer.option.id == "us.show_of_force")
    text = " ".join(" ".join(advice(game, "us", found[number], number)).split())
    assert "Tehran may answer" in text
    assert "Against it" in text
    assert f"{100 * found[number].option.chance:.0f}"[:1] in text
    assert max(map(len, advice(game, "us", found[number], number))) <= 80


def test_a_full_game_from_a_script_ends_in_a_debrief(tmp_path: Path) -> None:
    script = tmp_path / "script.txt"
    script.write_text(
        "# a week of nothing\nw\n? 1\n\n1  # talk\nnonsense\n999\n?\n? x\no badr press\nu\n1 w\nd\nd\nw\nq\n"
    )
    arguments = [
        "play",
        "--set",
        "horizon=14",
        "--seed",
        "5",
        "--world",
        "3",
        "--script",
        str(script),
        "--compare",
        "30",
    ]
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 0, done.output
    for words in ("HOW IT ENDED", "BEHIND THE FOG", "WHAT THE OTHERS WERE THINKING", "BESIDE WORLDS WITHOUT YOU"):
        assert words in done.stdout
    assert "'nonsense' is not something I understand" in done.stdout
    assert "only Tehran gives orders" in done.stdout
    assert "not used" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80
    assert CliRunner().invoke(app, arguments).stdout == done.stdout


def test_the_end_of_input_saves_and_leaves_politely(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    arguments = ["play", "--as", "us", "--set", "horizon=14", "--world", "3"]
    done = CliRunner().invoke(app, arguments, input="d\nd\n")
    assert done.exit_code == 0, done.output
    assert "sim play --resume baghdad-2020-us.game.yaml" in done.stdout
    again = CliRunner().invoke(app, arguments, input="")
    assert "baghdad-2020-us-2.game.yaml" in again.stdout
    assert resume(tmp_path / "baghdad-2020-us.game.yaml")[0].day == 2
    on = CliRunner().invoke(app, ["play", "--resume", "baghdad-2020-us.game.yaml"], input="d\nq\n")
    assert on.exit_code == 0, on.output
    assert resume(tmp_path / "baghdad-2020-us.game.yaml")[0].day == 3


def test_an_interrupt_saves_too(tmp_path: Path) -> None:
    class Interrupted(Terminal):
        def ask(self, prompt: str) -> str:
            raise KeyboardInterrupt

    file = tmp_path / "kept.game.yaml"
    with pytest.raises(KeyboardInterrupt):
        play(changes=SHORT, world=1, setting=Setting(file, 10, Interrupted([], io.StringIO())))
    assert resume(file)[0].day == 0


def test_every_kind_of_line_leaves_the_session_alive(scenario: Scenario) -> None:
    """Wrong lines cost nothing: the game goes on as if they had not been typed."""
    wrong = [
        "-1",
        "1 2 3",
        "1 x",
        "w w",
        "?",
        "? ?",
        "?99",
        "o",
        "o x",
        "o badr press now",
        "é",
        "5e3",
        "0x1",
        "²",
        "s /",
    ]
    played = play(changes=SHORT, world=1, setting=at_the_table([*wrong, "d", *wrong, "w", "d", "w"]))
    assert played.over
    plain = play(changes=SHORT, world=1, setting=at_the_table(["d", "w", "d", "w"]))
    assert played.model.trace.tobytes() == plain.model.trace.tobytes()


def test_a_week_is_interrupted_by_what_is_grave() -> None:
    """In a world with a killed American on day 3 the seat that sleeps is woken on day 4."""
    event = "[{day: 3, act: mi.salvo, by: kataib_hezbollah, at: us, us_killed: 1}]"
    scenario = load("baghdad-2020", {"horizon": 14, "events": [
        {"day": 3, "act": "mi.salvo", "by": "kataib_hezbollah", "at": "us", "us_killed": 1}]})  # fmt: skip
    game = Game(scenario, ["us"], 1)
    while game.day < 4:
        game.live()
    assert "something grave has happened" in alarms(game, "us"), event


def test_what_the_seat_knew_when_it_went_to_sleep_does_not_wake_it() -> None:
    scenario = load("baghdad-2020", {"horizon": 14, "economy.waiver_days": 8})
    game = Game(scenario, ["us"], 1)
    while not urgent(game, "us"):
        assert alarms(game, "us") in ([], ["something grave has happened"])
        game.live()
    assert any("waiver" in cause for cause in alarms(game, "us"))
    assert not any("waiver" in cause for cause in alarms(game, "us", urgent(game, "us")))


def test_hot_seats_take_turns_and_see_their_own_world(tmp_path: Path) -> None:
    out = io.StringIO()
    lines = ["1", "o kataib_h press", "d", *["d"] * 30]
    game = play(seats=["us", "iran"], changes=SHORT, world=3, setting=at_the_table(lines, out))
    text = out.getvalue()
    assert text.count("you are Washington") == text.count("you are Tehran") == 14
    assert game.choices[0].seat == "us"
    assert game.choices[1] == Choice(0, "iran", None, {"kataib_hezbollah": "press"})
    before_tehran = [page for page in text.split("─" * 80 + "\n") if "SUSPICION" in page.upper()]
    assert all("our groups" not in page.lower() for page in before_tehran)


def test_a_line_of_play_in_its_own_world_is_the_game(scenario: Scenario) -> None:
    """The compiled line of play and the Mesa driver live the same world, to the last bit."""
    for world in (2, 11):
        game = random_game(scenario, ("us", "iran", "kataib_hezbollah"), world)
        lines = plan(scenario, game.seats, game.choices)
        assert live_line(scenario, lines, 1, world)[0].tobytes() == game.model.outcome.tobytes()


def test_a_line_of_play_without_seats_is_the_ensemble(scenario: Scenario) -> None:
    lived = next(iter(chunks(scenario, 20, "outcomes")))
    assert live_line(scenario, plan(scenario, (), ()), 20).tobytes() == lived.outcomes.tobytes()


def test_branches_differ_by_the_choice_alone(scenario: Scenario) -> None:
    game = random_game(scenario, ("us",), 5)
    acts = [choice for choice in game.choices if choice.act]
    taken, held = branches(game, acts[0], 30)
    same, again = branches(game, acts[0], 30)
    assert taken.tobytes() == same.tobytes()
    assert held.tobytes() == again.tobytes()
    empty, other = branches(game, Choice(acts[0].day, "us"), 10)
    assert empty.tobytes() == other.tobytes()


def test_a_strike_moves_the_odds_of_a_strike() -> None:
    scenario = load("baghdad-2020", {"horizon": 14, "us": {"preempts": 1}})
    game = Game(scenario, ["us"], 1)
    game.live([Choice(0, "us", "us.strike_limited")])
    while not game.over:
        game.live()
    taken, held = branches(game, game.choices[0], 60)
    assert taken["us_struck"].mean() == 1.0
    assert held["us_struck"].mean() < 0.5
    text = " ".join(" ".join(debrief(game, 60)).split())
    assert "US strike" in text
    assert "→ 100 %" in text


def test_the_debrief_tells_the_truth(scenario: Scenario) -> None:
    game = random_game(load("baghdad-2020", ["horizon=40"]), ("us",), 3)
    lines = debrief(game, 40)
    assert max(map(len, lines)) <= 80
    text = " ".join(" ".join(lines).split())
    truth = [e for e in game.model.trace if e["actor"] >= 5 and e["rung"] >= 7 and e["believed_author"] < 0]
    assert truth
    assert "You never learnt who." in text
    assert "WHAT THE OTHERS WERE THINKING" in text


def test_the_debrief_of_a_world_in_which_nothing_happens() -> None:
    quiet = load(
        "baghdad-2020", {"horizon": 1, "policies": dict.fromkeys(["militias", "iran", "iraq", "sadr"], "passive")}
    )
    game = Game(quiet, ["us"], 3)
    game.live([])
    assert game.over
    assert len(game.model.trace) == 0
    assert "nothing was hidden from you" in " ".join(debrief(game, 5))


def test_scripts_are_lines_without_remarks(tmp_path: Path) -> None:
    script = tmp_path / "s"
    script.write_text("d # hold\n\n# nothing\n3 w\n")
    assert read_script(script) == ["d", "3 w"]
    with pytest.raises(InputError, match="cannot read"):
        read_script(tmp_path / "none")


def test_the_example_script_ends_in_a_debrief(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    script = root / "docs" / "examples" / "washington.txt"
    arguments = ["play", "--as", "us", "--seed", "7", "--world", "3", "--script", str(script), "--compare", "20"]
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 0, done.output
    assert "HOW IT ENDED" in done.stdout
    assert "Taken back." in done.stdout


def test_bad_settings_get_one_message(tmp_path: Path) -> None:
    for arguments, message in (
        (["--as", "usa"], "did you mean 'us'"),
        (["--compare", "0"], "1 to"),
        (["--resume", str(tmp_path / "none")], "no saved game"),
        (["--script", str(tmp_path / "none")], "cannot read the script"),
        (["--set", "us.red_lin=2"], "red_line"),
    ):
        done = CliRunner().invoke(app, ["play", *arguments])
        assert done.exit_code == 2, done.output
        assert message in done.stderr
        assert "Traceback" not in done.stderr


def test_a_game_that_cannot_be_saved_says_so_and_goes_on(tmp_path: Path) -> None:
    out = io.StringIO()
    lines = [f"s {tmp_path}/none/x.yaml", "d", *["w"] * 14]
    game = play(changes=SHORT, world=1, setting=at_the_table(lines, out))
    assert "cannot save the game" in out.getvalue()
    assert game.over


def test_going_on_keeps_the_file(tmp_path: Path) -> None:
    file = tmp_path / "g.game.yaml"
    play(changes=SHORT, world=1, setting=Setting(file, 10, Terminal(["d"], io.StringIO())))
    game = go_on(file, Setting(None, 10, Terminal(["w"] * 14, io.StringIO())))
    assert game.over
    assert resume(file)[0].over
    assert {option.id for option in Game(game.scenario, ["us"], 1).options("us")} <= set(BY_ID)


def test_an_order_that_may_be_given_goes_out() -> None:
    """Whatever the game does not refuse is on its way the next morning, or has arrived in full; also a repeated one."""
    game = Game(load("baghdad-2020", {"horizon": 70}), ["iran"], 12)
    group, refused, sent = "kataib_hezbollah", set(), 0
    for day, word in enumerate(["press"] * 50 + ["permit"] * 10 + ["restrain"] * 9):
        try:
            game.check_order("iran", group, word)
        except InputError as error:
            refused.add(str(error))
            game.live()
            continue
        game.live([Choice(day, "iran", None, {group: word})])
        known = game.view("iran").groups[group]
        under_way = [target for act, target, _ in game.view("iran").under_way if BY_ID[act].need == Need.ORDER_ONLY]
        assert group in under_way or known["directive"] == Directive[word.upper()], day
        sent += 1
    assert sent >= 10
    assert refused == {f"an order to {group} is on its way; wait until it has arrived"}


def test_an_order_that_is_switched_off_is_refused() -> None:
    game = Game(load("baghdad-2020", {"horizon": 5, "actions.ir.press.enabled": False}), ["iran"], 1)
    with pytest.raises(InputError, match="switched off in this scenario"):
        game.check_order("iran", "badr", "press")


def test_trying_an_order_changes_nothing(scenario: Scenario) -> None:
    game, plain = Game(scenario, ["iran"], 3), Game(scenario, ["iran"], 3)
    while not game.over:
        for group in scenario.groups:
            with suppress(InputError):
                game.check_order("iran", group.id, "press")
        game.live()
        plain.live()
    assert game.model.crisis.w.tobytes() == plain.model.crisis.w.tobytes()


def test_the_same_order_twice_at_the_table_goes_out_twice() -> None:
    out = io.StringIO()
    lines = ["o kataib_h press", "w", "w", "o kataib_h press", *["w"] * 12]
    game = play(seats=["iran"], changes=["horizon=30"], world=12, setting=at_the_table(lines, out))
    given = [choice.day for choice in game.choices if choice.orders]
    assert len(given) == 2
    assert out.getvalue().count("orders that go out with today's decision") == 2
    act, target = BY_ID["ir.press"].act, game.scenario.actors.index("kataib_hezbollah")
    landed = [e["day"] for e in game.model.trace if e["act"] == act and e["target"] == target]
    assert len(landed) == 2


CLOSING = {
    "horizon": 60,
    "events": [{"day": 9, "act": "mi.salvo", "by": "kataib_hezbollah", "at": "us", "us_killed": 1}],
}


def test_the_weekly_review_of_a_closure_always_comes_to_the_seat() -> None:
    """A seat that holds for weeks is asked on each review day, whatever woke it in between, and can then stop it."""
    out = io.StringIO()
    game = Game(load("closure-now", CLOSING), ["us"], 1)
    session = Session(Table(game, "closure-now", [], at_the_table(["w"] * 60, out)))
    asked = []
    while not game.over:
        review = days_to_review(game) == 0
        before = len(game.stops)
        session._day()
        if review:
            asked.append(len(game.stops) > before)
    assert len(asked) >= 7
    assert all(asked)
    text = " ".join(out.getvalue().split())
    assert "weekly review today" in text
    assert "next weekly review in" in text
    assert "We wake Washington: the weekly review of the closure is today" in text


def test_acts_of_the_review_are_open_on_it_alone_and_the_briefing_says_so() -> None:
    game = Game(load("closure-now", CLOSING), ["us"], 1)
    for _ in range(20):
        page = " ".join(" ".join(briefing(game, "us", Known())).split())
        on_menu = {offer.option.id for offer in offers(game, "us")}
        if days_to_review(game) == 0:
            assert {"us.pause_closure", "us.reverse_closure"} <= on_menu
        else:
            assert not {"us.pause_closure", "us.reverse_closure"} & on_menu
            assert "it needs a closing clock that runs, on the day of its weekly review" in page
        game.live()


@pytest.mark.parametrize("seat", ["us", "iran", "iraq", "sadr", "coalition", "badr"])
def test_every_act_of_a_seat_is_open_or_closed_with_a_reason(scenario: Scenario, seat: str) -> None:
    game = Game(scenario, [seat], 2)
    for _ in range(6):
        acts = [int(act) for act in game.actor(seat).menu() if CATALOGUE[act].need not in NEVER]
        shut = closed(game, seat)
        assert len(shut) + len(offers(game, seat)) == len(acts)
        assert all(line.split(": ", 1)[1] for line in shut)
        game.live()


def test_a_scenario_with_a_policy_in_python_is_played_and_saved_and_says_which_odds_it_cannot_tell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("odd_policies.py").write_text("def first(view, options):\n    return options[0]\n")
    out, file = io.StringIO(), tmp_path / "g.game.yaml"
    changes = ["horizon=10", "policies.iran=odd_policies:first"]
    game = play(changes=changes, world=1, setting=Setting(file, 10, Terminal(["w"] * 10, out)))
    text = " ".join(out.getvalue().split())
    assert "This and your odds cannot be told: iran follows a policy in plain Python" in text
    assert "The game is kept in" in text
    assert resume(file)[0].model.trace.tobytes() == game.model.trace.tobytes()
