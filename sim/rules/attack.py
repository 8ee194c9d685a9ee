"""Attacks by groups: rockets, convoy bombs, storming, assassination, and whom they hit.

Casualties are decomposed so that levers act where they should: size of the salvo, interception, landing, exposure,
severity. Severity is a discrete power law (Clauset, Young and Gleditsch 2007; Bohorquez et al. 2009). Levels are those
of the record, Oct 2019 - Dec 2020: 69 rocket attacks and 27 convoy bombs.
"""

from __future__ import annotations

from typing import Any

from sim.compiled import rule
from sim.rules.luck import at_least_one, binomial, power_law
from sim.rules.modulate import exposure
from sim.rules.perceive import attribute
from sim.rules.record import luck_of, note, rise, rockets_said, tell
from sim.world.names import Draw, Site, Stage, Who
from sim.world.records import Crisis


@rule
def fire_rockets(c: Crisis, i: int, act: int, cause: int, barrage: bool, facade: int) -> int:
    """A salvo or barrage on an American site lands today; returns the event's row."""
    me, w, p = c.actors[i], c.w, c.p
    k = note(c, act, i, Who.US.value, cause)
    e = c.w.events[k]
    e.facade, e.site = facade, rocket_site(c, luck_of(c, k, Draw.SITE.value))
    size = luck_of(c, k, Draw.SALVO.value)
    e.rockets = rockets_said(c, barrage_size(p, size) if barrage else salvo_size(size))
    e.landed = binomial(luck_of(c, k, Draw.LANDED.value), e.rockets, landing(c, e.site))
    hit_people(c, k)
    me.fired = 1
    finish_attack(c, k)
    if barrage:
        me.capability = max(0.05, me.capability - p.combat_barrage_use)
    if w.truce == 1:
        w.breach_day = w.day
    return k


@rule
def finish_attack(c: Crisis, k: int) -> None:
    """Rung, attribution, trigger and toll of an attack, once its casualties are known."""
    e, w = c.w.events[k], c.w
    tell(c, k)
    if e.us_killed + e.coalition_killed + e.iraqi_killed > 0:
        e.rung = max(e.rung, 8)
    attribute(c, k)
    rise(c, k)
    if e.site != Site.CONVOY:
        w.attack_day = w.day
    count_toll(c, k)


@rule
def count_toll(c: Crisis, k: int) -> None:
    """Add the casualties of an event to the world's toll and mark an American death."""
    e, w = c.w.events[k], c.w
    w.us_killed += e.us_killed
    w.us_hurt += e.us_hurt
    w.coalition_killed += e.coalition_killed
    w.iraqi_killed += e.iraqi_killed
    w.militia_killed += e.militia_killed
    w.iranian_killed += e.iranian_killed
    if e.us_killed > 0:
        w.us_death_day = w.day


@rule
def rocket_site(c: Crisis, u: float) -> int:
    """Where rockets go, by the shares of the record; a closed embassy is spared."""
    embassy = c.p.combat_embassy_share if c.w.stage != Stage.CLOSED else 0.0
    rest = 1.0 - embassy
    if u < embassy:
        return Site.EMBASSY.value
    if u < embassy + 0.6 * rest:
        return Site.AIRPORT.value
    return Site.ASAD.value if u < embassy + 0.85 * rest else Site.ERBIL.value


@rule
def salvo_size(u: float) -> int:
    """Rockets in a small salvo: mostly 1-4, at times 5-11. Record: a single one in 12 of 50 attacks of known size."""
    if u < 0.91:
        return 1 + int(u / 0.91 * 4.0)
    return 5 + int((u - 0.91) / 0.09 * 7.0)


@rule
def barrage_size(p: Any, u: float) -> int:
    """Rockets in a barrage: 18-33 (K1, Taji twice, 20 December 2020)."""
    return 18 + int(u * p.combat_barrage_spread)


@rule
def landing(c: Crisis, site: int) -> float:
    """Probability that a rocket lands in the compound and is not intercepted."""
    p = c.p
    stop = p.combat_interception * c.w.air_defence if site == Site.EMBASSY or site == Site.ASAD else 0.0
    return p.combat_landing * (1.0 - stop)


@rule
def hit_people(c: Crisis, k: int) -> None:
    """Draw the casualties of a rocket attack from the rockets that landed, and of stray ones among Iraqis."""
    e, p = c.w.events[k], c.p
    present = min(1.5, exposure(c))
    if luck_of(c, k, Draw.US_HIT.value) < at_least_one(p.combat_us_hit * present, e.landed):
        hit_americans(c, k)
    if luck_of(c, k, Draw.COALITION_HIT.value) < at_least_one(p.combat_coalition_hit * c.w.coalition_stays, e.landed):
        e.coalition_killed = 1
    stray = at_least_one(p.combat_iraqi_hit, max(1, e.rockets // 3))
    if luck_of(c, k, Draw.OTHER_HIT.value) < stray:
        hit_iraqis(c, k)


@rule
def chance_of_harm(c: Crisis, k: int) -> float:
    """Probability that an attack such as event ``k`` harms and spares whom the script under way says that it did.

    Over how many of its rockets land; how many die, once some do, is left out. 1 for what harms by rules of its own,
    and where the script leaves the harm to chance.
    """
    e, p = c.w.events[k], c.p
    if c.plan.script[c.w.script].us_killed < 0:
        return 1.0
    if e.rockets > 0:
        lands, present = landing(c, e.site), min(1.5, exposure(c))
        us = at_least_one(lands * p.combat_us_hit * present, e.rockets)
        coalition = at_least_one(lands * p.combat_coalition_hit * c.w.coalition_stays, e.rockets)
        iraqi = at_least_one(p.combat_iraqi_hit, max(1, e.rockets // 3)) * p.combat_iraqi_deadly
        share = coalition if e.coalition_killed > 0 else 1.0 - coalition
        share *= iraqi if e.iraqi_killed > 0 else 1.0 - iraqi
        return share * harm_to_americans(p, e, us)
    return harm_to_americans(p, e, p.combat_ied_us_hit) if e.site == Site.CONVOY else 1.0


@rule
def harm_to_americans(p: Any, e: Any, hit: float) -> float:
    """Probability that an attack, which hurts Americans with probability ``hit``, killed, only hurt, or spared them."""
    if e.us_killed > 0:
        return hit * p.combat_us_deadly
    return hit * (1.0 - p.combat_us_deadly) if e.us_hurt > 0 else 1.0 - hit


@rule
def hit_americans(c: Crisis, k: int) -> None:
    """An attack that hurts Americans kills some with probability ``combat.us_deadly``."""
    e, p = c.w.events[k], c.p
    if luck_of(c, k, Draw.US_DEAD.value) < p.combat_us_deadly:
        e.us_killed = power_law(luck_of(c, k, Draw.US_TOLL.value), p.combat_severity, 60)
    e.us_hurt = power_law(luck_of(c, k, Draw.US_HURT.value), p.combat_severity, 100) + (3 if e.us_killed > 0 else 0)


@rule
def hit_iraqis(c: Crisis, k: int) -> None:
    """An attack that hurts Iraqis kills some with probability ``combat.iraqi_deadly``."""
    e, p = c.w.events[k], c.p
    e.iraqi_hurt = power_law(luck_of(c, k, Draw.OTHER_HURT.value), p.combat_severity, 100)
    if luck_of(c, k, Draw.OTHER_DEAD.value) < p.combat_iraqi_deadly:
        e.iraqi_killed = power_law(luck_of(c, k, Draw.OTHER_TOLL.value), p.combat_severity, 60)


@rule
def bomb_convoy(c: Crisis, i: int, act: int, cause: int, facade: int) -> int:
    """A roadside bomb on an Iraqi-driven supply convoy; no American was hurt in 27 of the record."""
    k = note(c, act, i, Who.US.value, cause)
    e, p = c.w.events[k], c.p
    e.facade, e.site = facade, Site.CONVOY.value
    if luck_of(c, k, Draw.OTHER_HIT.value) < p.combat_ied_hurt:
        e.iraqi_hurt = 1
    if luck_of(c, k, Draw.US_HIT.value) < p.combat_ied_us_hit:
        hit_americans(c, k)
    c.actors[i].bombed = 1
    finish_attack(c, k)
    return k


@rule
def storm(c: Crisis, i: int, act: int, cause: int) -> int:
    """A crowd breaks into a compound (31 December 2019)."""
    k = note(c, act, i, Who.US.value, cause)
    c.w.events[k].site = Site.EMBASSY.value
    c.w.crowd *= 0.5
    finish_attack(c, k)
    return k


@rule
def assassinate(c: Crisis, i: int, act: int, cause: int) -> int:
    """An official or activist is killed (6 July 2020); costs authority."""
    k = note(c, act, i, Who.IRAQ.value, cause)
    e = c.w.events[k]
    e.site, e.iraqi_killed = Site.STREET.value, 1
    tell(c, k)
    if e.iraqi_killed > 0:
        c.w.authority -= c.p.baghdad_lethal_cost
    attribute(c, k)
    rise(c, k)
    count_toll(c, k)
    return k
