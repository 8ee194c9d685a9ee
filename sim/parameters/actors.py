"""Quantities that belong to an actor. Weights are in red lines: 1 is the loss an actor attaches to its own worst likely
event short of war, so weights compare within an actor and never between actors."""

from sim.quantity import ActorQuantity as A
from sim.quantity import everyone

J = "judgement, prior for calibration"


def _weights(name: str, values: tuple[float, ...], meaning: str) -> A:
    kinds = ("us", "iran", "iraq", "militia", "sadr", "coalition")
    return A(f"weight_{name}", dict(zip(kinds, values, strict=True)), "red lines", 0, 2, meaning, J)


ACTOR_PARAMETERS: tuple[A, ...] = (
    _weights("safe", (1.0, 0.8, 0.4, 0.6, 0.3, 1.0), "weight of own lives"),
    _weights("hurt", (0.6, 0.7, 0.3, 0.7, 0.2, 0.1), "weight of weakening the adversary"),
    _weights("stay", (0.4, 0.8, 1.0, 0.5, 0.8, 0.4), "weight of presence, influence or authority in Iraq"),
    _weights("home", (0.5, 0.3, 0.7, 0.3, 1.0, 0.4), "weight of domestic standing"),
    _weights("name", (0.5, 0.4, 0.1, 0.4, 0.4, 0.1), "weight of reputation"),
    _weights("calm", (0.6, 0.9, 1.0, 0.3, 0.8, 0.7), "weight of avoiding a major war"),
    _weights("cash", (0.05, 0.5, 0.8, 0.3, 0.1, 0.1), "weight of money"),
    _weights("blood", (0.0, 0.6, 0.0, 0.6, 0.2, 0.0), "weight of vengeance"),
    A("rationality", everyone(6.0), "1/red line", 0.5, 16, "precision of quantal response: .2 more utility gives odds of 3 to 1 at 6", "McKelvey and Palfrey 1995; size to be fitted"),
    A("inertia", everyone(0.3), "red lines", 0, 0.8, "bonus of holding: status-quo bias", "judgement after Samuelson and Zeckhauser 1988"),
    A("anticipation", everyone(0.5), "1", 0, 1, "weight of expected replies", "one level: Camerer, Ho and Chong 2004 find about 1.5 steps on average"),
    A("routine_pace", {"us": 0.10, "iran": 0.08, "iraq": 0.15, "sadr": 0.08, "coalition": 0.06, "militia": 0.03}, "1/day", 0, 1, "pace of decisions in ordinary times", "ICB 1946-: median 5 days from trigger to major response, n=781"),
    A("crisis_pace", {"us": 0.8, "iran": 0.5, "iraq": 0.6, "sadr": 0.3, "coalition": 0.3, "militia": 0.3}, "1/day", 0, 3, "further pace per unit of salience", "ICB: US median 10 days, n=68; record: 2 days after an American death"),
    A("closure_reading", {"us": 0.5, "iran": 0.6, "iraq": 0.7, "sadr": 0.4, "coalition": 0.6, "militia": 0.5}, "1", 0, 1, "how far closure is read as preparing strikes rather than as retreat", "Kataib Hezbollah, 11 Oct 2020: the threats to close made matters very complicated; sizes are judgement"),
    A("reply_weight_first", {"us": 0.5, "iran": 1.0, "iraq": 0.7, "militia": 0.7}, "1", 0, 1.5, "how much the replies of the first responder matter: US-Iran, Iran-US, Iraq-groups, groups-US", J),
    A("reply_weight_second", {"us": 0.6, "iraq": 0.6, "militia": 0.3}, "1", 0, 1.5, "how much the replies of the second responder matter: US-groups, Iraq-US, groups-Iraq", J),
    A("red_line", {"us": 1}, "deaths", 1, 20, "own deaths by hostile fire, unanswered, that cross the red line", "record: strikes after K1 (1 killed) and Taji (2 killed); tweet of 23 Dec 2020", whole=True),
    A("preempts", {"us": 0}, "switch", 0, 1, "whether force needs no recent attack", "judgement; off in the story", whole=True),
    A("deniability", {"us": 0, "iran": 0, "iraq": 0, "sadr": 0, "coalition": 0, "militia": 0.5}, "1", 0, 1, "probability of acting under another name", "record: most convoy bombs and many rockets of 2020 claimed by facades"),
    A("grievance", {"iran": 1.0, "iraq": 0, "sadr": 0.5, "militia": 0.8}, "1", 0, 2, "base of the drive for vengeance", "record: January 2020 unavenged in the groups' words"),
    A("iran_control", {"militia": 0.6}, "1", 0, 1, "Tehran's control over the group", "order of battle 2020, analysts' judgement (CTC Sentinel; Knights)"),
    A("capability", {"militia": 0.6}, "1", 0.02, 1, "means to attack: stock, crews, routes; also the base of regeneration", J),
    A("stake", {"militia": 0.5}, "1", 0, 1, "political stake in the Iraqi state", "order of battle 2020: seats, ministries, PMF posts"),
    A("rocket_rate", {"militia": 0.08}, "1/day", 0, 1, "opportunities for rockets a day at full capability", "fitted on the record Mar-Sep 2020: .188 rocket attacks a day"),
    A("ied_rate", {"militia": 0.08}, "1/day", 0, 1, "opportunities for convoy bombs a day at full capability", "fitted on the record Mar-Sep 2020: .085 convoy bombs a day, more in Sep"),
    A("joins_truce", {"militia": 1}, "switch", 0, 1, "whether the group can be party to a truce", "record: 10 Oct 2020", whole=True),
    A("directive", {"militia": 0}, "order", -1, 1, "what Tehran has told the group before day 0: -1 restrain, 0 permit, 1 press", J, whole=True),
    A("recent_rockets", {"militia": 0.01}, "1/day", 0, 0.5, "self-excitation of rockets left from before day 0", "record: 1-2 rocket attacks a week in Sep 2020"),
    A("recent_ieds", {"militia": 0.02}, "1/day", 0, 0.5, "self-excitation of convoy bombs left from before day 0", "record: 2-5 convoy bombs a week in Sep 2020"),
)
