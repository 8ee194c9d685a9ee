"""Resolution: choices become acts under way, and acts whose day has come take effect."""

from __future__ import annotations

from sim.actions import Act
from sim.compiled import rule
from sim.rules import attack, commit, direct, economy, embassy, force, forces, iraq, perceive, record, truce
from sim.rules.luck import clamp, luck
from sim.world.names import FIRST_GROUP, NOBODY, Class, Draw, Kind, Stage, Who
from sim.world.records import Crisis


@rule
def launch(c: Crisis, i: int) -> None:
    """Turn the choice of actor ``i`` into an act: at once when it has no lag, else under way."""
    me, w = c.actors[i], c.w
    act = me.choice
    if act < 0 or c.acts[act].kind == Class.HOLD:
        return
    c.actors[i].last_used[act] = w.day
    commit.commit(c, i, act)
    perceive.count_silence(me, w.day - me.last_act_day)
    me.last_act_day, me.last_reply_class = w.day, c.acts[act].reply
    for r in range(len(me.answered)):
        me.answered[r] = 0
    record.promise(c, act, i, me.target, w.day + record.lag_of(c, act, i), record.cause_of(c, i))
    hide(c, i, act)


@rule
def hide(c: Crisis, i: int, act: int) -> None:
    """Decide whether the act just promised is done under another name."""
    if c.acts[act].facade == 1 and c.w.n_pending > 0:
        hidden = luck(c, i, Draw.FACADE.value, act) < c.traits[i].deniability
        c.w.pending[c.w.n_pending - 1].facade = 1 if hidden else 0


@rule
def land_due(c: Crisis) -> None:
    """Let every act land whose day has come, in the order in which they were decided."""
    w = c.w
    kept, k = 0, 0
    while k < w.n_pending:  # what lands may promise more for today
        q = c.w.pending[k]
        if q.due <= w.day:
            before = w.n_events
            land(c, q.act, q.actor, q.target, q.cause, q.facade)
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
    b.due, b.decided, b.act, b.actor, b.target, b.cause, b.facade = (
        a.due,
        a.decided,
        a.act,
        a.actor,
        a.target,
        a.cause,
        a.facade,
    )


@rule
def land(c: Crisis, act: int, actor: int, target: int, cause: int, facade: int) -> None:
    """One act takes effect."""
    kind = c.traits[actor].kind
    if kind == Kind.MILITIA:
        land_group(c, act, actor, target, cause, facade)
    elif c.acts[act].kind == Class.FORCE or act == Act.IR_HARASS_AT_SEA:
        land_force(c, act, actor, target, cause)
    elif act == Act.IQ_ARREST or act == Act.IQ_RELEASE or act == Act.IQ_EXPULSION_STEP:
        land_iraq(c, act, target, cause)
    elif not moot(c, act):
        k = record.note(c, act, actor, target, cause)
        record.rise(c, k)
        land_state(c, act, target)


@rule
def moot(c: Crisis, act: int) -> bool:
    """Whether the occasion of a step in the closure has passed by the time it would land; a script may still close."""
    running = c.w.stage == Stage.DECIDED or c.w.stage == Stage.DRAWDOWN
    if act == Act.US_COMPLETE_CLOSURE:
        return c.w.script < 0 and not (running and c.w.paused == 0 and c.w.clock <= 0.0)
    return (act == Act.US_PAUSE_CLOSURE or act == Act.US_REVERSE_CLOSURE) and not running


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
        record.announce(c, act, i, target, cause)
        if act == Act.MI_END_TRUCE:
            truce.leave(c, i)
    if k >= 0:
        iraq.own_goal(c, k)
        c.actors[i].violations *= 0.5


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
def land_force(c: Crisis, act: int, actor: int, target: int, cause: int) -> None:
    """Force by states."""
    if act == Act.US_STRIKE_LIMITED or act == Act.US_STRIKE_CAMPAIGN:
        force.strike(c, act, target, cause)
    elif act == Act.US_KILL_COMMANDER:
        force.kill_commander(c, act, target, cause)
    elif act == Act.US_STRIKE_IRAN:
        force.strike_iran(c, act, cause)
    elif act == Act.IR_MISSILES:
        force.fire_missiles(c, act, cause)
    else:
        k = record.note(c, act, actor, target, cause)
        record.rise(c, k)


@rule
def land_iraq(c: Crisis, act: int, target: int, cause: int) -> None:
    """Arrests, releases and votes, which note themselves."""
    if act == Act.IQ_ARREST and target >= FIRST_GROUP:
        iraq.arrest(c, target, cause)
    elif act == Act.IQ_RELEASE and target >= FIRST_GROUP:
        iraq.release(c, target, cause)
    elif act == Act.IQ_EXPULSION_STEP:
        iraq.expulsion_step(c, cause)


@rule
def land_state(c: Crisis, act: int, target: int) -> None:
    """Effects of the acts of states that leave more than words."""
    if act <= Act.US_TALK:
        land_us(c, act)
    elif act <= Act.IR_MISSILES:
        land_iran(c, act, target)
    else:
        land_others(c, act)


@rule
def land_us(c: Crisis, act: int) -> None:
    """Washington: embassy, money, troops, defence."""
    if act == Act.US_LETTER_OF_WARNING:
        embassy.warn(c)
    elif act == Act.US_PARTIAL_DRAWDOWN and c.w.stage not in (
        Stage.DECIDED.value,
        Stage.DRAWDOWN.value,
        Stage.CLOSED.value,
    ):
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
        land_us_levers(c, act)


@rule
def land_us_levers(c: Crisis, act: int) -> None:
    """Washington's money, troops and words."""
    w, p = c.w, c.p
    if act == Act.US_SHORT_WAIVER:
        economy.extend_waiver(c, 30.0, 60.0)
    elif act == Act.US_LONG_WAIVER:
        economy.extend_waiver(c, 90.0, 120.0)
    elif act == Act.US_WITHHOLD_AID:
        economy.withhold_aid(c)
    elif act == Act.US_PROVIDE_AID:
        w.aid = 1.0
    elif act == Act.US_CUT_TROOPS:
        forces.cut_troops(c)
    elif act == Act.US_DEFEND:
        forces.strengthen_defence(c)
    elif act == Act.US_DESIGNATE:
        ease_means(c, p.proxies_sanction_loss)
        w.stress = min(1.0, w.stress + p.economy_sanction_stress)
    elif act == Act.US_TALK:
        w.talks_until = max(w.talks_until, w.day + 30)


@rule
def ease_means(c: Crisis, loss: float) -> None:
    """Sanctions take a little of every group's means."""
    for g in range(FIRST_GROUP, len(c.actors)):
        c.actors[g].capability *= 1.0 - loss


@rule
def land_iran(c: Crisis, act: int, target: int) -> None:
    """Tehran: orders, arms, envoys, gas."""
    p = c.p
    if act >= Act.IR_RESTRAIN and act <= Act.IR_PRESS:
        if target >= FIRST_GROUP:
            direct.receive(c, target, act)
    elif act == Act.IR_ARM:
        for g in range(FIRST_GROUP, len(c.actors)):
            gain = p.proxies_arms_gain * c.actors[g].control
            c.actors[g].capability = min(1.0, c.actors[g].capability + gain)
    elif act == Act.IR_SEND_ENVOY:
        for g in range(FIRST_GROUP, len(c.actors)):
            c.actors[g].control = min(1.0, c.actors[g].control + p.proxies_envoy_gain * c.traits[g].iran_control)
    elif act == Act.IR_CUT_GAS:
        c.w.stress = min(1.0, c.w.stress + p.economy_gas_stress)


@rule
def land_others(c: Crisis, act: int) -> None:
    """Baghdad, Sadr, the coalition."""
    w, p = c.w, c.p
    if act == Act.IQ_GUARD:
        iraq.guard(c)
    elif act == Act.IQ_MEDIATE or act == Act.CO_MEDIATE:
        soothe(c)
    elif act == Act.IQ_TIMETABLE_TALKS:
        w.talks_until = w.day + 30
    elif act == Act.IQ_FISCAL_EMERGENCY:
        economy.fiscal_emergency(c)
    elif act == Act.SA_PLEA_FOR_CALM:
        iraq.plead(c)
    elif act == Act.SA_MARCH:
        iraq.march(c)
    elif act == Act.SA_BACK_GOVERNMENT:
        w.authority = clamp(w.authority + p.baghdad_backing_gain, 0.0, 1.0)
    elif act == Act.CO_FOLLOW:
        w.coalition_stays = 0
        w.authority -= p.embassy_authority_decided


@rule
def soothe(c: Crisis) -> None:
    """Mediation lets the stock of grievances and violations cool."""
    for i in range(len(c.actors)):
        c.actors[i].violations *= 1.0 - c.p.politics_mediation
        if i >= FIRST_GROUP:
            base = c.traits[i].grievance
            c.actors[i].grievance += c.p.politics_mediation * (base - c.actors[i].grievance)
