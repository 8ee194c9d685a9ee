"""Force by states: strikes, the killing of commanders, ballistic missiles.

Effects of losing a leader are disputed: Johnston (2012) and Price (2012) find reductions, Jordan (2009, 2014) backlash
in old, religious, large groups, so capability and grievance both move and the mix is drawn.
"""

from __future__ import annotations

from sim.actions import Act
from sim.compiled import rule
from sim.rules.attack import count_toll
from sim.rules.commit import settle
from sim.rules.luck import luck, power_law
from sim.rules.modulate import exposure
from sim.rules.record import luck_of, note, rise, tell, twin
from sim.world.names import FIRST_GROUP, NEVER, Draw, Site, Who
from sim.world.records import Crisis


@rule
def strike(c: Crisis, act: int, target: int, cause: int) -> int:
    """American strikes on a group's sites in Iraq."""
    k = note(c, act, Who.US.value, target, cause)
    e, p = c.w.events[k], c.p
    campaign = 1.0 if act == Act.US_STRIKE_CAMPAIGN else 0.0
    e.site = Site.GROUP_SITES.value
    e.militia_killed = 3 + power_law(luck_of(c, k, Draw.STRIKE_DEAD.value), p.strikes_severity, 60) * (
        1 + 3 * int(campaign)
    )
    if luck_of(c, k, Draw.STRIKE_CIVILIANS.value) < p.strikes_iraqi_hit * (1.0 + campaign):
        e.iraqi_killed = power_law(luck_of(c, k, Draw.CIVILIAN_TOLL.value), p.combat_severity, 30)
    if target >= FIRST_GROUP:
        wear_down(c, target, p.strikes_capability_loss * (1.0 + 2.0 * campaign), p.proxies_member_killed)
    after_us_force(c, k)
    return k


@rule
def wear_down(c: Crisis, g: int, loss: float, anger: float) -> None:
    """A strike costs the group means and adds grievance, in it and half as much in the others."""
    c.actors[g].capability = max(0.05, c.actors[g].capability - loss)
    for h in range(FIRST_GROUP, len(c.actors)):
        share = c.traits[h].iran_control * (1.0 if h == g else 0.5)
        c.actors[h].grievance = min(2.0, c.actors[h].grievance + anger * (1.0 if h == g else share))


@rule
def after_us_force(c: Crisis, k: int) -> None:
    """What any American force on Iraqi soil does: honour is satisfied, sovereignty offended, crowds gather."""
    w, p, e = c.w, c.p, c.w.events[k]
    tell(c, k)
    mourn(c, k)
    rise(c, k)
    count_toll(c, k)
    w.strike_day = w.day
    if e.rung >= 10:
        w.us_ten_day = w.day
    settle(c, Who.US.value)
    for g in range(FIRST_GROUP, len(c.actors)):
        c.actors[g].blame *= 0.3
        if e.iraqi_killed > 0:
            c.actors[g].civil_grief += p.proxies_civilians_killed
    w.authority -= p.baghdad_strike_cost
    w.crowd = min(1.0, w.crowd + p.baghdad_crowd_gain)
    w.street = min(1.0, w.street + p.baghdad_street_gain)
    w.called_day = w.day


@rule
def kill_commander(c: Crisis, act: int, target: int, cause: int) -> int:
    """A commander is killed; beside a group's leader an Iranian officer may die, or he is the target."""
    k = note(c, act, Who.US.value, target, cause)
    e, p = c.w.events[k], c.p
    e.site, e.militia_killed = Site.GROUP_SITES.value, 2
    iranian = target == Who.IRAN or luck_of(c, k, Draw.LEADER.value) < p.strikes_iranian_present
    e.iranian_killed = 1 if iranian else 0
    lose_leader(c, target if target >= FIRST_GROUP else FIRST_GROUP, k)
    after_us_force(c, k)
    return k


@rule
def lose_leader(c: Crisis, g: int, k: int) -> None:
    """A group without its leader is weaker, angrier, less in hand; how much of each is drawn."""
    if len(c.actors) <= g:
        return
    me, p = c.actors[g], c.p
    mix = luck(c, g, Draw.BACKLASH.value, 0, twin(c, k))
    me.capability = max(0.05, me.capability - 2.0 * p.strikes_leader_loss * (1.0 - mix))
    wear_down(c, g, 0.0, 2.0 * p.proxies_leader_killed * mix)
    me.control = max(0.0, me.control - p.proxies_handler_lost)


@rule
def mourn(c: Crisis, k: int) -> None:
    """Iranians whom Washington has killed, be it drawn or told, put its act on the rung of state against state."""
    e = c.w.events[k]
    if e.actor == Who.US and e.iranian_killed > 0:
        e.rung = max(e.rung, 11)
        offend_iran(c)


@rule
def offend_iran(c: Crisis) -> None:
    """An Iranian officer or Iranian soil is hit: Tehran has something to avenge."""
    c.w.commander_day, c.w.iran_hit_day = c.w.day, c.w.day
    iran = c.actors[Who.IRAN.value]
    iran.grievance = min(2.0, iran.grievance + c.p.strikes_iran_grievance)


@rule
def strike_iran(c: Crisis, act: int, cause: int) -> int:
    """American strikes on Iran itself."""
    k = note(c, act, Who.US.value, Who.IRAN.value, cause)
    e = c.w.events[k]
    e.site = Site.IRAN.value
    e.iranian_killed = 2 + power_law(luck_of(c, k, Draw.STRIKE_DEAD.value), c.p.strikes_severity, 100)
    offend_iran(c)
    tell(c, k)
    rise(c, k)
    count_toll(c, k)
    c.w.us_ten_day, c.w.strike_day = c.w.day, c.w.day
    settle(c, Who.US.value)
    return k


@rule
def fire_missiles(c: Crisis, act: int, cause: int) -> int:
    """Ballistic missiles from Iranian soil on an American base (8 January 2020: 110 injured, none killed)."""
    k = note(c, act, Who.IRAN.value, Who.US.value, cause)
    e, w, p = c.w.events[k], c.w, c.p
    present = min(1.5, exposure(c))
    e.site, e.rockets = Site.ASAD.value, 12 + int(luck_of(c, k, Draw.SALVO.value) * 10.0)
    e.landed = e.rockets - int(luck_of(c, k, Draw.LANDED.value) * 6.0)
    e.us_hurt = 1 + int(p.strikes_missile_hurt * present * (0.25 + 1.5 * luck_of(c, k, Draw.US_HURT.value)))
    if luck_of(c, k, Draw.US_DEAD.value) < p.strikes_missile_deadly * present:
        e.us_killed = power_law(luck_of(c, k, Draw.US_TOLL.value), p.combat_severity, 60)
    w.attack_day, w.missile_day, w.iran_ten_day = w.day, w.day, w.day
    tell(c, k)
    rise(c, k)
    count_toll(c, k)
    settle(c, Who.IRAN.value)
    c.actors[Who.IRAN.value].grievance = max(0.0, c.actors[Who.IRAN.value].grievance - c.p.strikes_iran_grievance)
    w.iran_hit_day = NEVER
    return k
