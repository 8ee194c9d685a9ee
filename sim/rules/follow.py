"""A day of which something is on record: recorded acts happen, others that would be on record do not, the rest is free.

A Feynman-Kac model (Del Moral 2004; Chopin and Papaspiliopoulos 2020) of the rulebook: a particle is a world, moved by
one day that agrees with the record and weighed by the probability of what the record says of that day, given the world
as it is. The mean weight of many particles estimates the likelihood of the day without bias.

* An act on record was decided a lag before it landed. When its window opens the lag is drawn from the catalogue's own
  distribution, so that it cancels from the weight; on the day of decision the act is imposed, weighed by the chance
  that its actor decided it and that it was reported.
* An attack nobody was named for falls to a group in proportion to its own chance; the weight is the sum over groups.
* Whoever has no act on record decides among what need not be on it: every act is reported with a probability of its own
  (``plan.report``), if it lands before the record ends (``plan.known_until``).
* With a small probability (``plan.outside``, by kind of actor) an actor acts for reasons outside the model, any act of
  its menu alike: no act on record is impossible.
* Joint and automatic acts (a truce, a vote that parliament calls, the armed answer to an arrest, loss of control) are
  weighed by their own chances, and so are deaths and wounds in a recorded attack.
"""

from __future__ import annotations

import math
from typing import Any

from sim.actions import Act
from sim.compiled import rule
from sim.rules.choose import chances
from sim.rules.day import morning
from sim.rules.decide import chance_of_sitting, lay_out, menu_of
from sim.rules.direct import direct
from sim.rules.feasible import OPPORTUNITY, REGULAR, met, moment_suits
from sim.rules.iraq import chance_of_climb_down, chance_of_session, expulsion_step
from sim.rules.land import facade_of, land_due, launch, take_up
from sim.rules.luck import luck, triangular, triangular_share, whole
from sim.rules.opportunity import chance_of_bombs, chance_of_rockets
from sim.rules.proceed import proceed
from sim.rules.record import LEAST, cause_of, credit, lag_of, promise
from sim.rules.truce import chance_of_truce, declare_all
from sim.rules.war import chance_of_war
from sim.rules.weigh import target_of
from sim.world.names import FIRST_GROUP, NOBODY, Class, Draw, Kind, Who
from sim.world.records import Crisis

UNOPENED, SPENT, JOINT, ANSWER = -1, -2, -3, -4
"""What ``lead`` says of an act on record whose day of decision is not set: its window is not yet open; it has been
imposed; it is decided by several at once; it answers an arrest."""
ANSWERED = 3
"""Days within which a group answers an arrest."""


@rule
def live_known_day(c: Crisis) -> None:
    """One day that agrees with the record; its log weights, by actor, go into ``w.log_weight``."""
    for i in range(len(c.actors)):
        c.w.log_weight[i], c.w.imposed[i] = 0.0, 0
    morning(c)
    open_windows(c)
    sit_as_known(c)
    direct(c)
    for i in range(len(c.actors)):
        read_chances(c, i)
    impose_named(c)
    weigh_silence(c)
    impose_unnamed(c)
    look_ahead(c)
    choose_the_rest(c)
    first = c.w.n_events
    land_due(c)
    answer_arrests(c, first)
    proceed(c)
    meet_as_known(c)


@rule
def open_windows(c: Crisis) -> None:
    """Draw the day of decision of every act on record that may be decided from today on."""
    for s in range(c.plan.n_script):
        x = c.plan.script[s]
        if c.w.lead[s] == UNOPENED and x.day - math.ceil(c.acts[x.act].lag_high) <= c.w.day:
            c.w.lead[s] = lead_of(c, s)


@rule
def lead_of(c: Crisis, s: int) -> int:
    """Days between decision and landing of an act on record, drawn; or what else it is."""
    x, a = c.plan.script[s], c.acts[c.plan.script[s].act]
    if x.act == Act.IQ_EXPULSION_STEP or x.act == Act.MI_TRUCE:
        return JOINT
    if (x.act == Act.MI_PARADE or x.act == Act.IQ_RELEASE) and follows_arrest(c, s):
        return ANSWER
    if c.plan.announced[x.act] == 1:
        return x.day - c.w.day if x.day >= c.w.day else 0
    left = x.day - c.w.day
    share = triangular_share(left + 0.5, a.lag_low, a.lag_mode, a.lag_high)
    if share < 1.0:  # the record begins too late for the longest lags
        credit(c, max(x.actor, 0), share)
    u = share * luck(c, whole(Who.US.value), Draw.LAG.value, 0, s + 1)
    return min(left, math.floor(triangular(u, a.lag_low, a.lag_mode, a.lag_high) + 0.5))


@rule
def follows_arrest(c: Crisis, s: int) -> bool:
    """Whether an act on record comes within days of an arrest on record, as its answer."""
    x = c.plan.script[s]
    within = ANSWERED if x.act == Act.MI_PARADE else 2 * ANSWERED
    for r in range(c.plan.n_script):
        other = c.plan.script[r]
        if other.act == Act.IQ_ARREST and other.target >= FIRST_GROUP and 0 <= x.day - other.day <= within:
            return True
    return False


@rule
def is_due_to_decide(c: Crisis, s: int) -> bool:
    """Whether an act on record is decided today."""
    lead = c.w.lead[s]
    return lead >= 0 and c.plan.script[s].day - lead == c.w.day


@rule
def sit_as_known(c: Crisis) -> None:
    """Tehran, whose sitting also decides its orders, sits on the day of an act on record."""
    i = Who.IRAN.value
    for s in range(c.plan.n_script):
        if c.plan.script[s].actor == i and is_due_to_decide(c, s):
            credit(c, i, believed(c, i, chance_of_sitting(c, i)))
            c.actors[i].convened = REGULAR
            return


@rule
def read_chances(c: Crisis, i: int) -> None:
    """Probability that actor ``i`` decides each act today, over sittings and opportunities, into ``w.chance[i]``."""
    c.w.chance[i, :] = 0.0
    c.actors[i].choice, c.actors[i].target = NOBODY, NOBODY
    if i >= FIRST_GROUP:
        read_group(c, i)
    elif i == Who.IRAN:
        if c.actors[i].convened != 0:
            read_menu(c, i, 1.0)
    else:
        sits = chance_of_sitting(c, i)
        c.actors[i].convened = REGULAR
        read_menu(c, i, sits)
        c.actors[i].convened = 0


@rule
def read_menu(c: Crisis, i: int, weight: float) -> None:
    """Weigh the menu of actor ``i`` as it stands, and add its chances times a weight."""
    menu = menu_of(c, c.traits[i].kind)
    lay_out(c, i, menu)
    add_chances(c, i, menu, weight)


@rule
def add_chances(c: Crisis, i: int, menu: Any, weight: float) -> None:
    """Add the chances of a menu that has been weighed, times a weight."""
    chances(c, i, menu)
    for a in menu:
        if c.w.options[a].feasible == 1 and c.acts[a].kind != Class.HOLD:
            c.w.chance[i, a] += weight * c.w.options[a].chance


@rule
def read_group(c: Crisis, g: int) -> None:
    """A group's chances: the mean over whether it sits and which opportunities come, each independent of the others."""
    menu = menu_of(c, whole(Kind.MILITIA.value))
    sits, fires, bombs = chance_of_sitting(c, g), chance_of_rockets(c, g), chance_of_bombs(c, g)
    set_moment(c, g, 1, 1, 1)
    lay_out(c, g, menu)
    for a in menu:
        c.w.possible[a] = c.w.options[a].feasible
    for case in range(1, 8):
        regular, rocket, bomb = case & 1, (case >> 1) & 1, (case >> 2) & 1
        weight = (sits if regular == 1 else 1.0 - sits) * (fires if rocket == 1 else 1.0 - fires)
        weight *= bombs if bomb == 1 else 1.0 - bombs
        if weight > LEAST:
            set_moment(c, g, regular, rocket, bomb)
            keep_suiting(c, g, menu)
            add_chances(c, g, menu, weight)
    set_moment(c, g, 0, 0, 0)


@rule
def set_moment(c: Crisis, g: int, regular: int, rocket: int, bomb: int) -> None:
    """Whether a group sits, and which opportunities it has, 0 or 1 each."""
    me = c.actors[g]
    me.rocket_chance, me.ied_chance = rocket, bomb
    me.convened = REGULAR * regular | (OPPORTUNITY if rocket + bomb > 0 else 0)


@rule
def keep_suiting(c: Crisis, g: int, menu: Any) -> None:
    """Of what a group could do at any moment, leave what it can do at this one."""
    for a in menu:
        if c.w.possible[a] == 1 and c.acts[a].kind != Class.HOLD:
            need = c.acts[a].need
            c.w.options[a].feasible = 1 if moment_suits(c.actors[g].convened, need) and met(c, g, need) else 0


@rule
def believed(c: Crisis, i: int, chance: float) -> float:
    """A chance of actor ``i`` once reasons outside the model may have moved it."""
    kind = c.traits[i].kind
    odd = c.plan.outside[kind]
    return (1.0 - odd) * chance + odd / c.plan.menu_size[kind]


@rule
def on_record(c: Crisis, act: int) -> float:
    """Probability that an act decided today would be on record: reported, and landed before the record ends."""
    report = c.plan.report[act]
    if report == 0.0 or c.plan.announced[act] == 1:
        return report
    a = c.acts[act]
    return report * triangular_share(c.plan.known_until - c.w.day - 0.5, a.lag_low, a.lag_mode, a.lag_high)


@rule
def impose_named(c: Crisis) -> None:
    """Acts on record whose author is known are decided today, weighed by their chance."""
    for s in range(c.plan.n_script):
        x = c.plan.script[s]
        if x.actor >= 0 and is_due_to_decide(c, s):
            credit(c, x.actor, believed(c, x.actor, c.w.chance[x.actor, x.act]) * c.plan.report[x.act])
            impose(c, s, x.actor)


@rule
def weigh_silence(c: Crisis) -> None:
    """Whoever has no act on record did nothing that would be on it."""
    for i in range(len(c.actors)):
        if c.w.imposed[i] == 0:
            seen = 0.0
            for a in menu_of(c, c.traits[i].kind):
                if c.acts[a].kind != Class.HOLD and c.plan.report[a] > 0.0:
                    seen += believed(c, i, c.w.chance[i, a]) * on_record(c, a)
            c.w.silence[i] = max(LEAST, 1.0 - seen)
            credit(c, i, c.w.silence[i])


@rule
def impose_unnamed(c: Crisis) -> None:
    """Acts of groups that nobody was named for: weighed by the sum over the groups, imposed on one of them.

    Several on one day are drawn one after another without replacement; every order is one and the same record, so the
    nth of its kind counts an nth.
    """
    for s in range(c.plan.n_script):
        x = c.plan.script[s]
        if x.actor == NOBODY and is_due_to_decide(c, s):
            total, alike = 0.0, 1
            for g in range(FIRST_GROUP, len(c.actors)):
                total += odds_of(c, g, x.act)
            for r in range(s):
                other = c.plan.script[r]
                alike += 1 if other.actor == NOBODY and other.act == x.act and c.w.decided[r] == c.w.day else 0
            credit(c, whole(FIRST_GROUP), total / alike)
            impose(c, s, author_of(c, s, total))


@rule
def look_ahead(c: Crisis) -> None:
    """How well the world is placed for what is on record next: the log chances, today, of acts that it must yet decide.

    Whoever decides late pays late: weighed by this as well, particles that have decided and that have not compare (the
    auxiliary particle filter of Pitt and Shephard 1999).
    """
    c.w.outlook = 0.0
    for s in range(c.plan.n_script):
        x = c.plan.script[s]
        if c.w.lead[s] >= 0:
            chance = c.w.chance[x.actor, x.act] if x.actor >= 0 else 0.0
            if x.actor == NOBODY:
                for g in range(FIRST_GROUP, len(c.actors)):
                    chance += c.w.chance[g, x.act]
            i = x.actor if x.actor >= 0 else FIRST_GROUP
            c.w.outlook += math.log(max(LEAST, believed(c, i, min(1.0, chance))))


@rule
def odds_of(c: Crisis, g: int, act: int) -> float:
    """Odds that a group without an act on record did this one rather than none."""
    if c.w.imposed[g] == 1:
        return 0.0
    return believed(c, g, c.w.chance[g, act]) * c.plan.report[act] / c.w.silence[g]


@rule
def author_of(c: Crisis, s: int, total: float) -> int:
    """The group an act falls to, in proportion to the odds; the first where every group has acted today already."""
    u = luck(c, whole(Who.US.value), Draw.INSTANCE.value, 0, s + 1) * total
    reached, chosen = 0.0, FIRST_GROUP
    for g in range(FIRST_GROUP, len(c.actors)):
        odds = odds_of(c, g, c.plan.script[s].act)
        if odds > 0.0:
            reached += odds
            chosen = g
            if u < reached:
                return g
    return chosen


@rule
def impose(c: Crisis, s: int, i: int) -> None:
    """Actor ``i`` decides the act on record: all that a choice does, landing on the day on record."""
    x, w = c.plan.script[s], c.w
    take_up(c, i, x.act)
    due = w.day + lag_of(c, x.act, i) if c.plan.announced[x.act] == 1 else x.day
    target = x.target if x.target >= 0 else target_of(c, i, x.act)
    before = w.n_pending
    promise(c, x.act, i, target, due, cause_of(c, i))
    if w.n_pending > before:
        w.pending[before].script = s
        w.pending[before].facade = x.facade if x.facade >= 0 else facade_of(c, i, x.act, s)
    w.lead[s], w.decided[s], w.imposed[i] = SPENT, w.day, 1


@rule
def choose_the_rest(c: Crisis) -> None:
    """Whoever has no act on record decides by its chances, given that nothing comes of it that would be on record."""
    for i in range(len(c.actors)):
        if c.w.imposed[i] == 0:
            u, reached = luck(c, i, Draw.CLASS.value) * c.w.silence[i], 0.0
            for a in menu_of(c, c.traits[i].kind):
                if c.acts[a].kind != Class.HOLD:
                    reached += believed(c, i, c.w.chance[i, a]) * (1.0 - on_record(c, a))
                    if u < reached and c.w.chance[i, a] > 0.0:
                        do_unseen(c, i, a)
                        break


@rule
def do_unseen(c: Crisis, i: int, act: int) -> None:
    """An act that is not on record: nobody reported it, or it lands after the record has ended."""
    w, before = c.w, c.w.n_pending
    c.actors[i].choice, c.actors[i].target = act, target_of(c, i, act)
    launch(c, i)
    c.actors[i].choice = NOBODY
    late = c.plan.report[act] - on_record(c, act)
    if w.n_pending > before and luck(c, i, Draw.INSTANCE.value) * (1.0 - on_record(c, act)) < late:
        w.pending[before].due = max(w.pending[before].due, c.plan.known_until)


@rule
def answer_arrests(c: Crisis, first: int) -> None:
    """The armed answers to today's arrests, and what Baghdad yields, as on record."""
    last = c.w.n_events
    for k in range(first, last):
        e = c.w.events[k]
        if e.act == Act.IQ_ARREST and e.target >= FIRST_GROUP:
            delay = answer_as_known(c, k, e.target)
            if delay >= 0:
                yield_as_known(c, k, e.target, delay)


@rule
def answer_as_known(c: Crisis, k: int, g: int) -> int:
    """Days after which group ``g`` answers the arrest of event ``k`` under arms, by the record; -1 if it does not."""
    answer, report = c.p.baghdad_armed_reply, c.plan.report[Act.MI_PARADE.value]
    for s in range(c.plan.n_script):
        x = c.plan.script[s]
        if c.w.lead[s] == ANSWER and x.act == Act.MI_PARADE and 0 <= x.day - c.w.day <= ANSWERED:
            credit(c, g, believed(c, g, 0.25 * answer * report))
            keep_promise(c, s, g, Who.IRAQ.value, k)
            return x.day - c.w.day
    credit(c, g, 1.0 - answer * report)
    return NOBODY


@rule
def yield_as_known(c: Crisis, k: int, g: int, delay: int) -> None:
    """Baghdad releases the arrested after the armed answer, or does not, by the record."""
    i, odds = Who.IRAQ.value, chance_of_climb_down(c)
    for s in range(c.plan.n_script):
        x = c.plan.script[s]
        if c.w.lead[s] == ANSWER and x.act == Act.IQ_RELEASE and delay < x.day - c.w.day <= 2 * ANSWERED:
            credit(c, i, believed(c, i, odds))
            keep_promise(c, s, i, g, k)
            return
    credit(c, i, 1.0 - odds * c.plan.report[Act.IQ_RELEASE.value])


@rule
def keep_promise(c: Crisis, s: int, i: int, target: int, cause: int) -> None:
    """An answer on record is under way."""
    before = c.w.n_pending
    promise(c, c.plan.script[s].act, i, target, c.plan.script[s].day, cause)
    if c.w.n_pending > before:
        c.w.pending[before].script = s
    c.w.lead[s] = SPENT


@rule
def meet_as_known(c: Crisis) -> None:
    """Votes and truces as on record, and no war that is not."""
    iraq, group = Who.IRAQ.value, whole(FIRST_GROUP)
    if comes_together(c, iraq, Act.IQ_EXPULSION_STEP.value, chance_of_session(c)):
        expulsion_step(c, NOBODY)
    if comes_together(c, group, Act.MI_TRUCE.value, chance_of_truce(c)):
        declare_all(c)
    credit(c, Who.US.value, 1.0 - chance_of_war(c))


@rule
def comes_together(c: Crisis, i: int, act: int, chance: float) -> bool:
    """Whether a joint act is on record today; weighed by its chance either way, in the account of row ``i``."""
    for s in range(c.plan.n_script):
        x = c.plan.script[s]
        if c.w.lead[s] == JOINT and x.act == act and x.day == c.w.day:
            credit(c, i, believed(c, i, chance) * c.plan.report[act])
            c.w.lead[s] = SPENT
            return True
    credit(c, i, 1.0 - chance * c.plan.report[act])
    return False
