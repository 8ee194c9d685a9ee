"""The morning of day 0: a world as the scenario describes it."""

from __future__ import annotations

import math

from sim.actions import Act
from sim.compiled import rule
from sim.rules.commit import recall
from sim.rules.embassy import REVIEW, is_decided, staff_by_clock
from sim.rules.luck import clamp, keep
from sim.rules.perceive import may_be_struck
from sim.rules.see import LONG_AGO
from sim.world.names import FIRST_GROUP, NEVER, NOBODY, Reply, Stage, Who
from sim.world.records import Crisis


@rule
def begin(c: Crisis, seed: int, number: int) -> None:
    """Set the world, its actors and its memory to the start of the scenario under one seed and world number."""
    start_world(c, seed, number)
    start_embassy(c)
    start_iraq(c)
    forget(c)
    remember(c)
    hoist(c)
    for i in range(len(c.actors)):
        start_actor(c, i)
        for a in range(len(c.acts)):
            c.actors[i].last_used[a] = NEVER


@rule
def start_world(c: Crisis, seed: int, number: int) -> None:
    """Seed, forces and toll on day 0."""
    w, p = c.w, c.p
    w.seed, w.number, w.day = seed, number, 0
    w.n_events, w.n_seen, w.n_pending, w.overflow, w.fault, w.script = 0, 0, 0, 0, 0, NOBODY
    w.follows = 0
    w.troops, w.troop_goal = p.forces_troops, p.forces_troops
    w.air_defence, w.guard, w.guard_until = p.forces_air_defence, p.forces_guard, int(p.forces_guard_days)
    w.us_killed, w.us_hurt, w.coalition_killed, w.iraqi_killed = 0, 0, 0, 0
    w.militia_killed, w.iranian_killed, w.top_rung, w.top_rung_day = 0, 0, 0, 0
    w.rate_reference = p.perception_rate_reference


@rule
def start_embassy(c: Crisis) -> None:
    """Stage, clock and staff on day 0: the clock of a closure has run since the stage began."""
    w, p = c.w, c.p
    ago = int(p.embassy_stage_days_ago)
    w.stage, w.stage_day = int(p.embassy_stage), -ago
    closing = is_decided(w.stage)
    warned = w.stage == Stage.WARNED or w.stage == Stage.PARTIAL
    w.warned_day = day_before(p.embassy_warned_days_ago) if warned else NEVER
    w.decided_day = -ago if closing or w.stage == Stage.CLOSED else NEVER
    w.closed_day = 0 if w.stage == Stage.CLOSED else NEVER
    w.paused, w.review_day = 0, next_review(ago) if closing else NEVER
    w.clock = 0.0 if w.stage == Stage.CLOSED else max(0.0, p.embassy_closure_days - (ago if closing else 0))
    w.staff = staff_at(c, w.stage)
    w.free_hand = 1.0 - w.staff
    w.called_day = -ago if closing else NEVER


@rule
def day_before(ago: float) -> int:
    """The day of something that happened so many days before day 0; ``LONG_AGO`` says that it never did."""
    return -int(ago) if ago < LONG_AGO else NEVER


@rule
def next_review(ago: int) -> int:
    """The day from 0 on of the next weekly review of a closure that was decided so many days before day 0."""
    return REVIEW if ago == 0 else (REVIEW - ago % REVIEW) % REVIEW


@rule
def staff_at(c: Crisis, stage: int) -> float:
    """Share of the embassy's staff that is there when a world begins in a stage."""
    if stage == Stage.CLOSED:
        return 0.0
    return c.p.embassy_partial_staff if stage == Stage.PARTIAL else staff_by_clock(c)


@rule
def start_iraq(c: Crisis) -> None:
    """Authority, money, street and truce on day 0."""
    w, p = c.w, c.p
    w.authority, w.stress, w.aid = p.baghdad_authority, p.economy_stress, 1.0
    w.street, w.crowd, w.legitimacy = p.baghdad_street, 0.0, 0.0
    w.waiver_until = int(p.economy_waiver_days)
    w.expulsion, w.expulsion_day, w.order_day = 0, NEVER, NEVER
    w.talks_until = int(p.baghdad_talks_days)
    w.plea_until = int(p.baghdad_plea_days)
    w.truce = int(p.truce_on)
    w.truce_day = 0 if w.truce == 1 else NEVER
    w.coalition_stays = 1


@rule
def forget(c: Crisis) -> None:
    """Nothing has happened yet."""
    w = c.w
    w.arrest_day, w.aid_day, w.truce_ended_day, w.truce_due = NEVER, NEVER, NEVER, NEVER
    w.attack_day, w.us_death_day, w.line_crossed_day, w.strike_day = NEVER, NEVER, NEVER, NEVER
    w.commander_day, w.missile_day, w.iran_hit_day, w.war_day = NEVER, NEVER, NEVER, NEVER
    w.us_ten_day, w.iran_ten_day, w.red_line_day = NEVER, NEVER, NEVER
    w.authority_lost_day, w.found_day, w.breach_day = NEVER, NEVER, NEVER


@rule
def remember(c: Crisis) -> None:
    """But for what the scenario says of the days before: attacks, red lines, force, blows against Iran, votes."""
    w, p = c.w, c.p
    w.attack_day = day_before(p.combat_attack_days_ago)
    w.red_line_day = day_before(p.signals_line_days_ago)
    w.strike_day = day_before(p.strikes_days_ago)
    w.iran_hit_day = day_before(p.strikes_iran_hit_days_ago)
    w.commander_day, w.us_ten_day = w.iran_hit_day, w.iran_hit_day
    w.called_day = max(w.called_day, w.strike_day)
    w.expulsion_day = day_before(p.parliament_vote_days_ago)


@rule
def hoist(c: Crisis) -> None:
    """Compute once what would be the same every day: what is left after a day of each decay."""
    w, p = c.w, c.p
    w.keep_rate = keep(p.perception_rate_half_life)
    w.keep_reference = keep(p.perception_reference_half_life)
    w.keep_sponsor = keep(p.perception_sponsor_half_life)
    w.keep_resolve = keep(p.signals_resolve_half_life)
    w.keep_violation = keep(p.perception_violation_half_life)
    w.keep_commitment = keep(p.signals_commitment_half_life)
    w.keep_control = keep(p.proxies_control_half_life)
    w.keep_directive = keep(p.proxies_directive_half_life)
    w.keep_grievance = keep(p.proxies_grievance_half_life)
    w.keep_civil_grief = keep(p.proxies_civil_grief_half_life)
    w.keep_capability = keep(p.proxies_capability_half_life)
    w.keep_crowd = keep(p.baghdad_crowd_half_life)
    w.keep_contagion = math.exp(-1.0 / p.combat_contagion_days)
    w.contagion_gain = math.exp(1.0 / p.combat_contagion_days) - 1.0
    w.memory_growth = 1.0 / keep(p.perception_learning_half_life)


@rule
def start_actor(c: Crisis, i: int) -> None:
    """Beliefs, bonds and means of one actor on day 0."""
    me, t, p = c.actors[i], c.traits[i], c.p
    me.rate = p.perception_rate_now
    me.sponsor = p.perception_sponsor
    me.us_resolve, me.us_credibility = p.signals_resolve, 1.0
    me.fear = p.signals_strike_prior if may_be_struck(i) else 0.0
    me.violations, me.unanswered = t.violations, t.unanswered
    me.commitment, me.commitment_rung = 0.0, 0.0
    if i == Who.US:
        recall_threats(c)
    me.grievance, me.civil_grief = clamp(t.grievance + t.recent_grievance, 0.0, 2.0), t.civil_grief
    me.provoked, me.provoked_day = NOBODY, NEVER
    for k in range(len(me.salience)):
        me.salience[k] = 0.0
    start_memory(c, i)
    if i >= FIRST_GROUP:
        start_group(c, i)
    me.convened, me.choice, me.target = 0, NOBODY, NOBODY


@rule
def recall_threats(c: Crisis) -> None:
    """What is left of Washington's commitments of before day 0: a letter, a public line, a closure under way."""
    w = c.w
    recall(c, Who.US.value, Act.US_LETTER_OF_WARNING.value, w.warned_day)
    recall(c, Who.US.value, Act.US_PUBLIC_RED_LINE.value, w.red_line_day)
    if w.review_day > NEVER:
        recall(c, Who.US.value, Act.US_DECIDE_CLOSURE.value, w.decided_day)


@rule
def start_memory(c: Crisis, i: int) -> None:
    """No case learned yet, but for what groups saw before day 0: rockets that Washington did not answer by force."""
    me = c.actors[i]
    me.memory, me.last_reply_class, me.last_act_day = 1.0, 0, NEVER
    for r in range(me.replies.shape[0]):
        me.answered[r] = 1
        for k in range(me.replies.shape[1]):
            for n in range(me.replies.shape[2]):
                me.replies[r, k, n] = 0.0
    if i >= FIRST_GROUP:
        me.replies[0, Reply.LIMITED.value, Reply.VERBAL.value] = c.p.perception_experience


@rule
def start_group(c: Crisis, i: int) -> None:
    """Means, bonds and memory of one militia group on day 0."""
    me, t = c.actors[i], c.traits[i]
    me.blame, me.capability, me.control = t.blame, t.capability, t.iran_control
    me.contagion_rocket, me.contagion_ied = t.recent_rockets, t.recent_ieds
    me.directive, me.directive_strength = int(t.directive), t.directive_strength
    me.in_truce = 1 if c.w.truce == 1 and t.joins_truce > 0.0 else 0
    me.prisoners = 0
    me.rocket_chance, me.ied_chance, me.fired, me.bombed = 0, 0, 0, 0
