"""What can be counted or read off on each day of a world, by name: the measures that questions and summaries use."""

from __future__ import annotations

STRIKES = ("us.strike_limited", "us.strike_campaign", "us.kill_commander")
ROCKETS = ("mi.salvo", "mi.barrage")
FIRE = (*ROCKETS, "mi.convoy_ied", *STRIKES, "ir.missiles")

COUNTS: dict[str, tuple[str, ...]] = {
    "rockets": ROCKETS,
    "barrages": ("mi.barrage",),
    "ieds": ("mi.convoy_ied",),
    "stormings": ("mi.storm",),
    "parades": ("mi.parade",),
    "threats": ("mi.threaten",),
    "truces": ("mi.truce",),
    "truce_ends": ("mi.end_truce",),
    "us_strikes": STRIKES,
    "commander_kills": ("us.kill_commander",),
    "strikes_on_iran": ("us.strike_iran",),
    "letters": ("us.letter_of_warning",),
    "red_lines": ("us.public_red_line",),
    "shows_of_force": ("us.show_of_force",),
    "sanctions": ("us.designate",),
    "short_waivers": ("us.short_waiver",),
    "long_waivers": ("us.long_waiver",),
    "aid_cuts": ("us.withhold_aid",),
    "troop_cuts": ("us.cut_troops",),
    "partial_withdrawals": ("us.partial_drawdown",),
    "closure_decisions": ("us.decide_closure",),
    "closures": ("us.complete_closure",),
    "iran_missiles": ("ir.missiles",),
    "envoys": ("ir.send_envoy",),
    "arrests": ("iq.arrest",),
    "releases": ("iq.release",),
    "mediations": ("iq.mediate",),
    "expulsion_steps": ("iq.expulsion_step",),
    "pleas": ("sa.plea_for_calm",),
    "marches": ("sa.march",),
    "allies_leaving": ("co.follow",),
}
"""Series that count acts, each with the acts of the catalogue that it counts."""

CASUALTIES: dict[str, tuple[str, ...]] = {
    "us_killed": ("us_killed",),
    "us_hurt": ("us_hurt",),
    "us_casualties": ("us_killed", "us_hurt"),
    "coalition_killed": ("coalition_killed",),
    "iraqi_killed": ("iraqi_killed",),
    "militia_killed": ("militia_killed",),
    "iranian_killed": ("iranian_killed",),
}
"""Series that count people killed or hurt by rockets, convoy bombs, strikes and missiles."""

SWITCHES: dict[str, tuple[str, str]] = {
    "truce": ("mi.truce", "mi.end_truce"),
    "closing": ("us.decide_closure", "us.reverse_closure"),
}
"""Series that are 1 on the days of a state, else 0, each with the acts that begin and end it in the record."""
LEVELS = {
    "troops": "US troops in Iraq",
    "truce": "1 while groups hold a truce, else 0",
    "closing": "1 from the decision to close the embassy until it is taken back, else 0",
}
"""Series that hold a level or a state of each day, and what it is; they have to be given."""
MEASURES = (*COUNTS, *CASUALTIES, *LEVELS)
"""Names of all series."""
