"""Resolution: choices become acts under way, and acts whose day has come take effect."""

from __future__ import annotations

from sim.actions import Act
from sim.compiled import rule
from sim.errors import NoRuleError
from sim.rules import attack, commit, direct, economy, embassy, force, forces, iraq, perceive, record, truce
from sim.rules.luck import clamp, luck, whole
from sim.world.names import FIRST_GROUP, NOBODY, UNKNOWN, Class, Draw, Kind, Stage, Who
from sim.world.records import Crisis

MISSING = "no branch of sim/rules/land.py says what an act leaves"


@rule
def launch(c: Crisis, i: int) -> None:
    """Turn the choice of actor ``i`` into an act: at once when it has no lag, else under way."""
    me, w = c.actors[i], c.w
    act = me.choice
    if act < 0 or c.acts[act].kind == Class.HOLD:
        return
    take_up(c, i, act)
    record.promise(c, act, i, me.target, w.day + record.lag_of(c, act, i), record.cause_of(c, i))
    if c.acts[act].facade == 1 and w.n_pending > 0:
        w.pending[w.n_pending - 1].facade = facade_of(c, i, act, whole(0))


@rule
def take_up(c: Crisis, i: int, act: int) -> None:
    """What it means to act, by choice or by script: not soon again, a commitment, replies to wait for."""
    me, w = c.actors[i], c.w
    c.actors[i].last_used[act] = w.day
    commit.commit(c, i, act)
    perceive.count_silence(me, w.day - me.last_act_day)
    me.last_act_day, me.last_reply_class = w.day, c.acts[act].reply
    for r in range(len(me.answered)):
        me.answered[r] = 0


@rule
def facade_of(c: Crisis, i: int, act: int, again: int) -> int:
    """1 if an act begun today is done under another name; ``again`` as in :func:`sim.rules.luck.luck`."""
    a = c.acts[act]
    return 1 if a.facade == 1 and luck(c, i, Draw.FACADE.value, a.key, again) < c.traits[i].deniability else 0


@rule
def land_due(c: Crisis) -> None:
    """Let every act land whose day has come, in the order in which they were decided."""
    w = c.w
    kept, k = 0, 0
    while k < w.n_pending:  # what lands may promise more for today
        q = c.w.pending[k]
        if q.due <= w.day:
            before = w.n_events
            w.script = q.script
            land_told(c, q.act, q.actor, q.target, q.cause, q.facade)
            if w.n_events > before:
                c.w.events[before].decided = q.decided
        else:
            move_up(c, k, kept)
            kept += 1
        k += 1
    w.n_pending = kept


@rule
def move_up(c: Crisis, source: int, target: int) -> None:
    """Close the gap that landed acts leave in the agenda."""
    a, b = c.w.pending[source], c.w.pending[target]
    b.due, b.decided, b.act, b.actor = a.due, a.decided, a.act, a.actor
    b.target, b.cause, b.facade, b.script = a.target, a.cause, a.facade, a.script


@rule
def land_told(c: Crisis, act: int, actor: int, target: int, cause: int, facade: int) -> None:
    """One act takes effect, with what the script under way (``w.script``) says of it; then none is."""
    w, s, before = c.w, c.w.script, c.w.n_events
    land(c, act, actor, target, cause, facade)
    if s >= 0 and w.n_events > before:
        if w.follows == 1 and c.acts[act].kind == Class.ATTACK:
            record.credit(c, actor, attack.chance_of_harm(c, before))
        if not counts_its_dead(c, act):
            tell_dead(c, before)
        if c.plan.script[s].named >= 0:
            w.events[before].believed_author = actor if c.plan.script[s].named == 1 else UNKNOWN
    w.script = NOBODY


@rule
def counts_its_dead(c: Crisis, act: int) -> bool:
    """Whether the rule of an act counts its dead: those of attacks and of force do, be they drawn or told."""
    a = c.acts[act]
    return a.words == 0 and (a.kind == Class.ATTACK or a.kind == Class.FORCE)


@rule
def tell_dead(c: Crisis, k: int) -> None:
    """The dead that a script names in an act whose own rule knows of none."""
    e = c.w.events[k]
    record.tell(c, k)
    if e.rung == 7 and e.us_killed + e.coalition_killed + e.iraqi_killed > 0:
        e.rung = 8
    force.mourn(c, k)
    record.rise(c, k)
    attack.count_toll(c, k)


@rule
def land(c: Crisis, act: int, actor: int, target: int, cause: int, facade: int) -> None:
    """One act takes effect, by the rules of its owner.

    Raises:
        NoRuleError: it should leave more than words, but no branch says what; :mod:`sim.drivers.rehearsal` tries all.
    """
    owner = c.acts[act].owner
    if c.acts[act].words == 1:
        record.announce(c, act, actor, target, cause)
    elif owner == Kind.US:
        land_us(c, act, target, cause)
    elif owner == Kind.IRAN:
        land_iran(c, act, target, cause)
    elif owner == Kind.IRAQ:
        land_iraq(c, act, target, cause)
    elif owner == Kind.SADR:
        land_sadr(c, act, target, cause)
    elif owner == Kind.COALITION:
        land_coalition(c, act, target, cause)
    else:
        land_group(c, act, actor, target, cause, facade)


@rule
def land_group(c: Crisis, act: int, i: int, target: int, cause: int, facade: int) -> None:
    """Acts of a militia group."""
    k = -1
    if act == Act.MI_SALVO or act == Act.MI_BARRAGE:
        k = attack.fire_rockets(c, i, act, cause, act == Act.MI_BARRAGE, facade)
    elif act == Act.MI_CONVOY_IED:
        k = attack.bomb_convoy(c, i, act, cause, facade)
    elif act == Act.MI_STORM:
        k = attack.storm(c, i, act, cause)
    elif act == Act.MI_ASSASSINATE:
        attack.assassinate(c, i, act, cause)
    elif act == Act.MI_TRUCE:
        join_truce(c, i)
    else:
        land_group_words(c, act, i, target, cause)
    if k >= 0:
        iraq.own_goal(c, k)
        c.actors[i].violations *= 0.5


@rule
def land_group_words(c: Crisis, act: int, i: int, target: int, cause: int) -> None:
    """Acts of a group that are done in the open."""
    record.announce(c, act, i, target, cause)
    if act == Act.MI_END_TRUCE:
        truce.leave(c, i)
    else:
        raise NoRuleError(MISSING)


@rule
def join_truce(c: Crisis, i: int) -> None:
    """A scripted truce: the group that is named declares it, and every other that can join does, in its own name."""
    c.w.truce, c.w.truce_day = 1, c.w.day
    record.announce(c, Act.MI_TRUCE.value, i, Who.US.value, NOBODY)
    c.actors[i].in_truce = 1
    for g in range(FIRST_GROUP, len(c.actors)):
        if g != i and c.traits[g].joins_truce > 0.0:
            c.actors[g].in_truce = 1
            k = record.announce(c, Act.MI_TRUCE.value, g, Who.US.value, NOBODY)
            c.w.events[k].scripted = 1


@rule
def land_us(c: Crisis, act: int, target: int, cause: int) -> None:
    """Washington: force, and what it does once its occasion has not passed."""
    if act == Act.US_STRIKE_LIMITED or act == Act.US_STRIKE_CAMPAIGN:
        force.strike(c, act, target, cause)
    elif act == Act.US_KILL_COMMANDER:
        force.kill_commander(c, act, target, cause)
    elif act == Act.US_STRIKE_IRAN:
        force.strike_iran(c, act, cause)
    elif not moot(c, act):
        land_us_embassy(c, act, record.announce(c, act, Who.US.value, target, cause))


@rule
def moot(c: Crisis, act: int) -> bool:
    """Whether the occasion of a step in the closure has passed by the time it would land; a script may still close."""
    running = c.w.stage == Stage.DECIDED or c.w.stage == Stage.DRAWDOWN
    if act == Act.US_COMPLETE_CLOSURE:
        return c.w.script < 0 and not (running and c.w.paused == 0 and c.w.clock <= 0.0)
    return (act == Act.US_PAUSE_CLOSURE or act == Act.US_REVERSE_CLOSURE) and not running


@rule
def land_us_embassy(c: Crisis, act: int, k: int) -> None:
    """Washington: the embassy. ``k`` is the row of the event, here and below."""
    if act == Act.US_LETTER_OF_WARNING:
        embassy.warn(c)
    elif act == Act.US_PARTIAL_DRAWDOWN:
        embassy.withdraw_partly(c)
    elif act == Act.US_DECIDE_CLOSURE:
        embassy.decide_closure(c)
    elif act == Act.US_PAUSE_CLOSURE:
        embassy.pause(c)
    elif act == Act.US_REVERSE_CLOSURE:
        embassy.reverse(c)
    elif act == Act.US_COMPLETE_CLOSURE:
        embassy.complete(c)
    else:
        land_us_levers(c, act, k)


@rule
def land_us_levers(c: Crisis, act: int, k: int) -> None:
    """Washington: money, troops, talks."""
    w = c.w
    if act == Act.US_SHORT_WAIVER:
        economy.extend_waiver(c, k, 30.0, 60.0)
    elif act == Act.US_LONG_WAIVER:
        economy.extend_waiver(c, k, 90.0, 120.0)
    elif act == Act.US_WITHHOLD_AID:
        economy.withhold_aid(c)
    elif act == Act.US_PROVIDE_AID:
        w.aid = 1.0
    elif act == Act.US_CUT_TROOPS:
        forces.cut_troops(c)
    elif act == Act.US_DEFEND:
        forces.strengthen_defence(c)
    elif act == Act.US_DESIGNATE:
        ease_means(c, c.p.proxies_sanction_loss)
        w.stress = min(1.0, w.stress + c.p.economy_sanction_stress)
    elif act == Act.US_TALK:
        w.talks_until = max(w.talks_until, w.day + 30)
    else:
        raise NoRuleError(MISSING)


@rule
def ease_means(c: Crisis, loss: float) -> None:
    """Sanctions take a little of every group's means."""
    for g in range(FIRST_GROUP, len(c.actors)):
        c.actors[g].capability *= 1.0 - loss


@rule
def land_iran(c: Crisis, act: int, target: int, cause: int) -> None:
    """Tehran: missiles, orders, arms, envoys, gas."""
    if act == Act.IR_MISSILES:
        force.fire_missiles(c, act, cause)
        return
    record.announce(c, act, Who.IRAN.value, target, cause)
    if act == Act.IR_RESTRAIN or act == Act.IR_PERMIT or act == Act.IR_PRESS:
        if target >= FIRST_GROUP:
            direct.receive(c, target, act)
    elif act == Act.IR_ARM:
        arm(c)
    elif act == Act.IR_SEND_ENVOY:
        send_envoy(c)
    elif act == Act.IR_CUT_GAS:
        c.w.stress = min(1.0, c.w.stress + c.p.economy_gas_stress)
    else:
        raise NoRuleError(MISSING)


@rule
def arm(c: Crisis) -> None:
    """A shipment adds to the means of every group as far as Tehran controls it."""
    for g in range(FIRST_GROUP, len(c.actors)):
        gain = c.p.proxies_arms_gain * c.actors[g].control
        c.actors[g].capability = min(1.0, c.actors[g].capability + gain)


@rule
def send_envoy(c: Crisis) -> None:
    """An envoy tightens Tehran's hold where it usually has one."""
    for g in range(FIRST_GROUP, len(c.actors)):
        c.actors[g].control = min(1.0, c.actors[g].control + c.p.proxies_envoy_gain * c.traits[g].iran_control)


@rule
def land_iraq(c: Crisis, act: int, target: int, cause: int) -> None:
    """Baghdad: arrests, releases and votes, which note themselves, and the rest."""
    if act == Act.IQ_ARREST:
        if target >= FIRST_GROUP:
            iraq.arrest(c, target, cause)
    elif act == Act.IQ_RELEASE:
        if target >= FIRST_GROUP:
            iraq.release(c, target, cause)
    elif act == Act.IQ_EXPULSION_STEP:
        iraq.expulsion_step(c, cause)
    else:
        record.announce(c, act, Who.IRAQ.value, target, cause)
        land_iraq_rest(c, act)


@rule
def land_iraq_rest(c: Crisis, act: int) -> None:
    """Baghdad: guards, mediation, talks, money."""
    if act == Act.IQ_GUARD:
        iraq.guard(c)
    elif act == Act.IQ_MEDIATE:
        soothe(c)
    elif act == Act.IQ_TIMETABLE_TALKS:
        c.w.talks_until = c.w.day + 30
    elif act == Act.IQ_FISCAL_EMERGENCY:
        economy.fiscal_emergency(c)
    else:
        raise NoRuleError(MISSING)


@rule
def land_sadr(c: Crisis, act: int, target: int, cause: int) -> None:
    """Sadr."""
    record.announce(c, act, Who.SADR.value, target, cause)
    if act == Act.SA_PLEA_FOR_CALM:
        iraq.plead(c)
    elif act == Act.SA_MARCH:
        iraq.march(c)
    elif act == Act.SA_BACK_GOVERNMENT:
        c.w.authority = clamp(c.w.authority + c.p.baghdad_backing_gain, 0.0, 1.0)
    else:
        raise NoRuleError(MISSING)


@rule
def land_coalition(c: Crisis, act: int, target: int, cause: int) -> None:
    """The coalition partners."""
    record.announce(c, act, Who.COALITION.value, target, cause)
    if act == Act.CO_MEDIATE:
        soothe(c)
    elif act == Act.CO_FOLLOW:
        c.w.coalition_stays = 0
        c.w.authority -= c.p.embassy_authority_decided
    else:
        raise NoRuleError(MISSING)


@rule
def soothe(c: Crisis) -> None:
    """Mediation lets the stock of grievances and violations cool."""
    for i in range(len(c.actors)):
        c.actors[i].violations *= 1.0 - c.p.politics_mediation
        if i >= FIRST_GROUP:
            base = c.traits[i].grievance
            c.actors[i].grievance += c.p.politics_mediation * (base - c.actors[i].grievance)
