"""A session at the table: briefings, commands, consequences, saving, and the debrief at the end."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path

from sim.actions import BY_ID
from sim.errors import InputError, nearest
from sim.play.advice import advice
from sim.play.briefing import US, Known, Offer, briefing, days_to_review, known, offers
from sim.play.debrief import debrief
from sim.play.game import IRAN, Choice, Game
from sim.play.page import bullets, head, title
from sim.play.saved import resume
from sim.play.seen import Seen
from sim.play.table import Setting, Table
from sim.results.trace import actor_names, short_date
from sim.results.words import listed
from sim.scenario import load

WEEK = 7
GRAVE = 8
URGENT = ("us.short_waiver", "us.complete_closure")
"""Acts that are possible for a few days only, unless something is decided."""
HELP = (
    "Enter or d      hold for a day",
    "w               hold for a week; we wake you for what is grave, and for the weekly review of a closure",
    "5               do number 5 (and hold whatever else)",
    "5 w             do number 5, then hold for the rest of the week",
    "? 5             what the advisers say about number 5",
    "b               the briefing again",
    "l               everything that we have heard so far",
    "u               undo: back to the last time you were asked",
    "s [FILE]        save the game",
    "q               save and leave",
    "h               this help",
    "Worth and cost are in red lines: 1 is the loss of your own worst likely event short of war. Worth compares with"
    " holding. 'Advisers' is the chance with which they would do it if you left the matter to them.",
)
ORDER_HELP = "o GROUP WORD    tell a group to restrain, permit or press (part of its name will do); it goes out today"


class Leave(Exception):  # noqa: N818 - it ends the session on purpose, nothing is wrong
    """The player leaves the table."""


class Undone(Exception):  # noqa: N818 - it takes the day back, nothing is wrong
    """The player took the last turn back."""


class Session:
    """The dialogue of a game."""

    def __init__(self, table: Table) -> None:
        """Sit down at a table."""
        self.table, self.terminal = table, table.terminal
        self.names = actor_names(table.game.scenario)
        self.knew: dict[int, dict[str, Known]] = {}
        self.asleep_until = dict.fromkeys(table.game.seats, 0)
        self.orders: dict[str, str] = {}
        self.urgent: dict[str, set[str]] = {seat: set() for seat in table.game.seats}

    @property
    def game(self) -> Game:
        """The game."""
        return self.table.game

    def run(self) -> None:
        """Play to the end, or until the player leaves or the input ends."""
        self.terminal.show(self._welcome())
        try:
            while not self.game.over:
                self._day()
        except (Leave, EOFError) as end:
            self._leave("The input has ended." if isinstance(end, EOFError) else "You leave the table.")
            return
        except KeyboardInterrupt:
            self._leave("Interrupted.")
            raise
        self._last_news()
        kept = self.table.save() if self.table.file else None
        self.terminal.show(["", *bullets(["The debrief is being prepared: worlds are lived with and without you ..."])])
        self.terminal.show(debrief(self.game, self.table.compare))
        if kept:
            self.terminal.show(["", f"The game is kept in {kept}."])
        if self.terminal.left:
            self.terminal.show([f"The game is over: {self.terminal.left} more lines of input were not used."])

    def _last_news(self) -> None:
        for seat in self.game.seats:
            news = Seen(self.game.model, seat).after(self._knew(seat).events)
            told = [f"{short_date(line.date)}: {line.text}" for line in news]
            self.terminal.show([*head(f"The last days, as {self.names[seat]} heard of them"), *bullets(told)])

    def _welcome(self) -> list[str]:
        scenario = self.game.scenario
        seats = ", ".join(self.names[seat] for seat in self.game.seats)
        told = [
            f"{scenario.title}. {seats}, from {short_date(scenario.start)}, {scenario.horizon} days;"
            f" world {self.game.world}, seed {scenario.seed}."
        ]
        return ["", *bullets([" ".join(scenario.story.split()), *told, "Type h for help at any time."])]

    def _leave(self, why: str) -> None:
        self.terminal.show(["", why])
        file = self.table.save()
        self.terminal.show([f"The game is saved: go on with  sim play --resume {file}"])

    def _day(self) -> None:
        try:
            asked = [seat for seat in self.game.seats if self._is_awake(seat)]
            if asked:
                self.game.stop()
            choices = [self._turn(seat) for seat in asked]
        except Undone:
            return
        try:
            self.game.live(choices)
        except InputError as error:
            self.terminal.show(bullets([str(error)]))

    def _is_awake(self, seat: str) -> bool:
        if self.game.day >= self.asleep_until[seat]:
            return True
        causes = alarms(self.game, seat, self.urgent[seat])
        if causes:
            self.terminal.show(["", *bullets([f"We wake {self.names[seat]}: {'; '.join(causes)}."])])
            self.asleep_until[seat] = self.game.day
        return bool(causes)

    def _turn(self, seat: str) -> Choice:
        """Ask a seat until it chooses; what cannot be understood is said and asked again."""
        if len(self.game.seats) > 1 and self.terminal.is_live:
            self.terminal.clear()
            self.terminal.ask(f"{self.names[seat]}, please sit down and press Enter. ")
        self.orders, self.urgent[seat] = {}, urgent(self.game, seat)
        self._brief(seat)
        found = offers(self.game, seat)
        while True:
            words = self.terminal.ask(f"\n{self.names[seat]}> ").split()
            try:
                choice = self._obey(seat, found, words)
            except InputError as error:
                self.terminal.show(bullets([str(error)]))
                continue
            if choice:
                return choice

    def _brief(self, seat: str) -> None:
        """Show the briefing, and remember for the next what the seat knew today."""
        before = self._knew(seat)
        self.knew.setdefault(self.game.day, {})[seat] = known(self.game, seat)
        self.terminal.show(briefing(self.game, seat, before))

    def _knew(self, seat: str) -> Known:
        """What a seat knew when it was last asked before today."""
        earlier = [day for day, seats in self.knew.items() if day < self.game.day and seat in seats]
        return self.knew[max(earlier)][seat] if earlier else Known()

    def _obey(self, seat: str, found: Sequence[Offer], words: list[str]) -> Choice | None:
        """Do what a line asks for; a choice ends the turn.

        Raises:
            InputError: it cannot be understood or done.
        """
        command = words[0].lower() if words else "d"
        if command in ("d", "w") and len(words) <= 1:
            return self._choose(seat, found[0], command == "w")
        if _is_number(command) and words[1:] in ([], ["w"]):
            return self._choose(seat, _offer(found, command), words[1:] == ["w"])
        if command.startswith("?"):
            number = " ".join(words)[1:].strip()
            self.terminal.show(advice(self.game, seat, _offer(found, number), int(number)))
        elif command == "o":
            self._order(seat, words[1:])
        else:
            self._serve(seat, command, words[1:])
        return None

    def _serve(self, seat: str, command: str, rest: list[str]) -> None:
        if command in ("h", "help"):
            self.terminal.show([*head("Help"), *bullets([*HELP, ORDER_HELP] if seat == IRAN else HELP)])
        elif command == "b":
            self._brief(seat)
        elif command == "l":
            lines = Seen(self.game.model, seat).lines
            self.terminal.show(bullets([f"{short_date(line.date)}: {line.text}" for line in lines], "nothing so far"))
        elif command == "u":
            self._undo()
        elif command == "s":
            file = self.table.save(Path(" ".join(rest)) if rest else None)
            self.terminal.show(bullets([f"saved: {file}"]))
        elif command in ("q", "quit", "exit"):
            raise Leave
        else:
            hint = nearest(command, ("help", "quit"))
            raise InputError(f"'{command}' is not something I understand;{hint} h shows what is")

    def _choose(self, seat: str, offer: Offer, week: bool) -> Choice:
        if week:
            self.asleep_until[seat] = self.game.day + WEEK
        act = None if offer.option.id.endswith((".hold", ".wait_out", ".stay", ".abide")) else offer.option.id
        if act:
            self.terminal.show(bullets([f"{self.names[seat]} {offer.title}."]))
        return Choice(self.game.day, seat, act, dict(self.orders))

    def _order(self, seat: str, words: list[str]) -> None:
        if len(words) != 2:
            raise InputError("say it as: o GROUP WORD, for instance: o badr restrain")
        group, word = _group(self.game, words[0].lower()), words[1].lower()
        self.game.check_order(seat, group, word)
        self.orders[group] = word
        told = ", ".join(f"{self.names[each]}: {said}" for each, said in self.orders.items())
        self.terminal.show(bullets([f"orders that go out with today's decision: {told}"]))

    def _undo(self) -> None:
        if not self.game.undo():
            raise InputError("there is nothing to undo: this is the first day")
        self.terminal.show(title("Taken back."))
        self.asleep_until = dict.fromkeys(self.game.seats, self.game.day)
        raise Undone


def alarms(game: Game, seat: str, known: Collection[str] = ()) -> list[str]:
    """What wakes a seat that holds for a week.

    Grave events of yesterday, an opportunity to attack, the weekly review of a closure, and decisions for a short time
    only that it did not know of.
    """
    view = game.view(seat)
    grave = [e for e in view.events if e["day"] >= game.day - 1 and e["rung"] >= GRAVE and e["author"] != seat]
    found = ["something grave has happened"] if grave else []
    own = view.own
    if own.get("rocket_chance") or own.get("ied_chance"):
        found.append("an opportunity has come")
    if seat == US and days_to_review(game) == 0:
        found.append("the weekly review of the closure is today")
    new = urgent(game, seat) - set(known)
    if new:
        found.append(f"it can now decide that it {listed(sorted(BY_ID[act].title for act in new))}")
    return found


def urgent(game: Game, seat: str) -> set[str]:
    """Acts that are possible for a short time only and are possible today."""
    return {option.id for option in game.options(seat)} & set(URGENT)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal()


def _offer(found: Sequence[Offer], number: str) -> Offer:
    if not _is_number(number) or int(number) >= len(found):
        raise InputError(f"there is no number '{number}': they go from 0 to {len(found) - 1}")
    return found[int(number)]


def _group(game: Game, words: str) -> str:
    """The group whose id holds the words, if there is one only; else the words themselves."""
    found = [group.id for group in game.scenario.groups if words in group.id]
    return found[0] if len(found) == 1 else words


def play(
    source: str = "baghdad-2020",
    seats: Sequence[str] = ("us",),
    *,
    changes: Sequence[str] = (),
    world: int | None = None,
    setting: Setting | None = None,
) -> Game:
    """Play a new game at the terminal, or from a script.

    Args:
        source: name or path of the scenario.
        seats: ids of the actors that people play; several take turns.
        changes: what to change in the scenario, as ``seed=7``.
        world: number of the world; by default one that nobody knows beforehand.
        setting: where it is read, written and saved.

    Returns:
        The game as it stood at the end.

    Raises:
        InputError: the scenario or a seat cannot be used.
    """
    game = Game(load(source, list(changes)), seats, secrets.randbelow(10**6) if world is None else world)
    Session(Table(game, source, changes, setting or Setting())).run()
    return game


def go_on(file: str | Path, setting: Setting | None = None, trust: bool = False) -> Game:
    """Go on with a saved game.

    Args:
        file: the saved game.
        setting: where it is read, written and saved.
        trust: whether modules of policies that it names may be imported; see :func:`sim.open_run`.

    Raises:
        InputError: it cannot be read, or scenario or rules have changed since.
    """
    game, source, changes = resume(file, trust)
    setting = setting or Setting()
    Session(Table(game, source, changes, replace(setting, file=setting.file or Path(file)))).run()
    return game
