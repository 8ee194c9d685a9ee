"""Quantities of perception, signals and anticipation."""

from sim.quantity import Quantity as Q

J = "judgement, to be fitted or varied"
RECORD = "record of events, Oct 2019 - Sep 2020"

BELIEFS: tuple[Q, ...] = (
    Q("perception.rate_now", 0.36, "attacks/day", 0, 3, "believed attack rate on the morning of day 0 (rockets, convoy bombs at their weight)", "record: 13 rocket attacks and 16 convoy bombs in Aug-Sep 2020 weighed by recency"),
    Q("perception.rate_reference", 0.26, "attacks/day", 0.02, 3, "attack rate of the 60 days before day 0, against which Washington judges compliance", "record: rockets and convoy bombs (a quarter each) of 30 Jul - 27 Sep 2020 per day"),
    Q("perception.rate_half_life", 14, "days", 7, 30, "half-life of the exponentially weighted attack-rate belief", J),
    Q("perception.ied_weight", 0.25, "1", 0, 1, "weight of a convoy bomb in the believed attack rate, a rocket attack being 1", "judgement; convoy bombs hurt no American in 2020 (record)"),
    Q("perception.facade_shield", 0.6, "1", 0, 1, "share of attributability that a facade takes away", "judgement after Knights 2021 on facade groups"),
    Q("perception.wrong_author", 0.15, "probability", 0, 0.5, "probability that an unnamed author is named wrongly", J),
    Q("perception.evidence_hazard", 0.05, "1/day", 0, 0.5, "daily hazard, for two weeks, that an unknown author becomes known", "judgement after Knights 2021 on claims and media traces"),
    Q("perception.attribution_weight", 0.3, "1", 0, 1, "share of the worth of force that depends on knowing the author", "judgement; the US struck Kataib Hezbollah within two days without a claim (record: 29 Dec 2019, 13 Mar 2020)"),
    Q("perception.sponsor", 0.4, "probability", 0.01, 0.99, "standing belief that Tehran is pressing the groups to attack", J),
    Q("perception.sponsor_gain", 0.2, "1", 0, 1, "share of the full Bayesian step in the sponsor belief taken at one attack, as attacks are not independent evidence", J),
    Q("perception.sponsor_half_life", 30, "days", 7, 120, "half-life of the sponsor belief's return to its standing value", J),
    Q("perception.order_floor", 0.3, "probability", 0.05, 0.6, "probability that Tehran ordered an attack by a group it does not control", J),
    Q("perception.violation_death", 3.0, "1", 0.5, 6, "addition to the stock of violations per own death", "anchored on the record: a US strike two days after each of two lethal attacks"),
    Q("perception.violation_wounded", 0.6, "1", 0, 2, "addition to the stock of violations when own people are wounded", "anchored on the record: no strike after 3 attacks that wounded Americans"),
    Q("perception.violation_ally", 0.2, "1", 0, 2, "addition to Washington's stock of violations when protected Iraqis or allies die", "anchored on the record: no strike after 3 attacks that killed only Iraqis"),
    Q("perception.violation_half_life", 7, "days", 3, 21, "half-life of the stock of violations and of blame", "record: strikes came within 2 days or not at all"),
    Q("perception.arrest_weight", 0.3, "1", 0, 0.8, "compliance that arrests of the last 30 days are worth to Washington", J),
    Q("perception.guard_weight", 0.2, "1", 0, 0.8, "compliance that a full guard is worth to Washington", "judgement; Pompeo on 14 Oct 2020: Iraqis do more to secure our team"),
    Q("perception.pseudo_cases", 10, "cases", 3, 30, "weight of the ICB prior of replies, in cases", J),
    Q("perception.experience", 20, "cases", 0, 80, "rocket attacks without an American answer by force that groups remember on day 0", "record: 68 attacks without a death, none answered by force"),
    Q("perception.learning_half_life", 60, "days", 15, 365, "half-life of the memory of replies", J),
    Q("signals.strike_prior", 0.2, "probability", 0.05, 0.5, "believed probability of a US strike after an attack when resolve is one half", "judgement; ICB: .484 violent replies to violent or indirect triggers with the US as responder, n=31"),
    Q("signals.resolve", 0.5, "probability", 0.05, 0.95, "belief on day 0 that Washington is resolute", J),
    Q("signals.weight", 1.2, "1", 0.5, 2, "step of logit(resolve) per unit of signal", J),
    Q("signals.retreat", 0.3, "1", 0, 0.8, "signal of weakness in a closure as far as it is read as retreat", J),
    Q("signals.unanswered", 0.6, "1", 0, 1, "signal of weakness when a crossed public red line goes unanswered for 14 days", "judgement after Fearon 1997 on tying hands"),
    Q("signals.credibility_top", 1.5, "1", 1, 2, "largest weight of Washington's signals with an observer", J),
    Q("signals.credibility_low", 0.2, "1", 0, 1, "smallest weight of Washington's signals with an observer", J),
    Q("signals.fear_of_reprisal", 0.8, "1", 0, 3, "how much unanswered American deaths raise the believed probability of a strike", "record: groups and Tehran restrained themselves when a strike looked near"),
    Q("signals.deniability", 0.6, "1", 0, 1.5, "how much deniability lowers the fear of a strike, around deniability one half", J),
    Q("signals.commitment_half_life", 60, "days", 15, 180, "half-life of an open commitment", J),
    Q("signals.belligerence", 0.05, "red lines", 0, 0.2, "cost of issuing a threat, per unit of commitment", "Kertzer and Brutger 2016 on belligerence costs; size is judgement"),
    Q("signals.audience_cost", 0.4, "red lines", 0, 1.2, "cost of backing down, per unit of commitment at rung 6", "Fearon 1994; Tomz 2007; sceptics Snyder and Borghard 2011, Trachtenberg 2012, so 0 is included"),
    Q("signals.excuse", 0.6, "1", 0, 1, "share of the audience cost that full compliance of Baghdad excuses", "Levendusky and Horowitz 2012; the threat of Sep 2020 was dropped after the truce without visible penalty (record)"),
    Q("signals.crossed_line", 0.4, "red lines", 0, 1, "cost of holding or talking per unit of commitment and violation while one's red line is crossed", J),
    Q("anticipation.concede", 0.4, "red lines", 0, 1, "value of a concession in reply", J),
    Q("anticipation.pressure", -0.1, "red lines", -0.5, 0, "value of suffering pressure in reply", J),
    Q("anticipation.display", -0.15, "red lines", -0.5, 0, "value of suffering a show of force in reply", J),
    Q("anticipation.limited", -0.5, "red lines", -1.5, 0, "value of suffering limited violence in reply", J),
    Q("anticipation.severe", -1.2, "red lines", -3, 0, "value of suffering severe violence in reply", J),
)
