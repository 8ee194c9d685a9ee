"""The parts of a scenario file that are no sections of quantities: calendar, events, blocs, mindsets, design."""

from __future__ import annotations

from functools import partial
from typing import Any

from sim.actions import BY_ID
from sim.parameters import ACTOR_PARAMETERS
from sim.quantity import KINDS
from sim.scenario.leaves import (
    DAY,
    MONTHS,
    Anything,
    Date,
    Id,
    Mapping,
    Text,
    check_date,
    check_day,
    check_factors,
    constant_type,
    leaf,
    name_type,
    nullable,
    number_schema,
    whole_schema,
    whole_type,
)
from sim.scenario.measures import MEASURES
from sim.scenario.quantities import (
    BLOC_FIELDS,
    EVENT_FIELDS,
    HORIZON,
    LARGEST_SEED,
    LONGEST_HORIZON,
    SEASON,
    SEED,
    START,
    THRESHOLD,
    TROOP_LEVEL,
)
from sim.scenario.question import COMPARISONS, EVENTS, STATISTICS
from sim.scenario.section import Fields, Section, constants, model

DESIGNS = ("grid", "lhs", "sobol")
MOST_WORLDS = 1_000_000_000
SEASONS = ("rocket", "ied")


def head() -> Fields:
    """Title, story, sources, dates and seed."""
    return {
        "extends": (Text, "A shipped scenario, or a file such as ./mine.yaml, that this one changes.", ""),
        "title": (Text, "A line that names the scenario.", ""),
        "story": (Text, "What the situation is, and what should come of it.", ""),
        "sources": (list[Text], "What the story and the numbers rest on.", []),
        "start": (Date, "Date of day 0.", START.isoformat()),
        "horizon": (whole_type(1, LONGEST_HORIZON), "Number of days.", HORIZON),
        "seed": (whole_type(0, LARGEST_SEED), "Seed of all chance.", SEED),
    }


def story() -> Fields:
    """Everything that says who decides how, and what is dated."""
    return {
        "define_mindsets": (_named(_mindset()), "Mindsets of this scenario by name.", {}),
        "mindsets": (dict[Text, Mapping], "Probabilities of mindsets by actor; 'default' is its own numbers.", {}),
        "pinned": (list[Text], "Numbers of actors, by path, that their mindsets do not replace.", []),
        "policies": (
            dict[Text, Text],
            "Decision rule by actor, or by 'militias' for all groups: a name, or module:name.",
            {},
        ),
        "calendar": (_calendar(), "What is dated.", {}),
        "events": (_list_of(_event()), "Dated acts that happen whatever the actors choose.", []),
        "questions": (
            _list_of(_question()),
            "Dated forecast questions, which a run answers.",
            [],
        ),
        "design": (_design(), "A sweep.", {}),
        "parameters": (Text, "Parquet file of posterior draws.", ""),
        "left_out": (list[Id], "Groups that were left out, which nothing can be said of.", []),
    }


def bloc() -> type[Section]:
    """A bloc in parliament."""
    return model("bloc", {"name": (Text, "Name of the bloc.", ""), **constants(BLOC_FIELDS)})


def _list_of(item: Any) -> Any:
    return list[item]


def _named(item: Any) -> Any:
    return dict[Text, item]


def _mindset() -> type[Section]:
    weights = constants(each.of(next(iter(each.defaults))) for each in ACTOR_PARAMETERS)
    words: Fields = {
        "actor": (name_type("kind of actor", KINDS), "Kind of actor that can have it.", None),
        "meaning": (Text, "What it stands for.", ""),
        "source": (Text, "What it rests on.", ""),
    }
    return model("mindset", {**words, **weights})


def _event() -> type[Section]:
    words: Fields = {
        "date": (Date, "Date of the event, instead of its day.", None),
        "act": (name_type("act", BY_ID), "The act, from the catalogue.", None),
        "by": (Text, "Who does it; may be left out when only one actor can.", ""),
        "at": (Text, "At whom, if anybody.", ""),
    }
    return model("event", {**words, **constants(EVENT_FIELDS)})


def _question() -> type[Section]:
    """A forecast question; which keys go together :meth:`sim.scenario.question.Question.fault` says."""
    end = leaf(partial(check_day, LONGEST_HORIZON - 1), {"anyOf": [whole_schema(0, LONGEST_HORIZON - 1), DAY]})
    days = whole_type(0, LONGEST_HORIZON)
    fields: Fields = {
        "id": (Id, "Short name of the question.", None),
        "text": (Text, "The question in words; {end} stands for the last day asked about.", None),
        "measure": (name_type("measure", MEASURES), "What is looked at on each day.", None),
        "statistic": (name_type("statistic", STATISTICS), "What is made of the days.", None),
        "comparison": (name_type("comparison", COMPARISONS), "How that is compared with the threshold.", None),
        "threshold": (constant_type(THRESHOLD), THRESHOLD.meaning, None),
        "opens": (end, "First day asked about, as its number or date; the first of the run if left out.", None),
        "closes": (end, "Last day asked about, likewise; the last of the run if left out.", None),
        "window_days": (whole_type(1, LONGEST_HORIZON), "Length in days of the window of 'peak'.", 1),
        "after": (name_type("measure", EVENTS), "Only days count that follow an event of this measure.", None),
        "after_from": (days, "Fewest days since that event; 0 lets the same day count.", 0),
        "after_to": (days, "Most days since that event; any number if left out.", None),
    }
    return model("question", fields)


def _calendar() -> type[Section]:
    date_or_none = nullable(check_date, DAY)
    step = model("troop step", {"date": (Date, "Date of the step.", None), **constants([TROOP_LEVEL])})
    months = {"type": "array", "items": number_schema(SEASON), "minItems": MONTHS, "maxItems": MONTHS}
    factors = leaf(partial(check_factors, SEASON), months)
    seasons = model("seasons", {name: (factors, SEASON.meaning, [SEASON.default] * MONTHS) for name in SEASONS})
    return model(
        "calendar",
        {
            "election": (date_or_none, "US presidential election.", None),
            "inauguration": (date_or_none, "Inauguration of its winner.", None),
            "anniversaries": (list[Date], "Dates around which vengeance weighs more.", []),
            "troop_steps": (_list_of(step), "Dated levels of US troops.", []),
            "seasons": (seasons, "Monthly factors, January to December.", {}),
        },
    )


def _design() -> type[Section]:
    vary: Any = dict[Text, Anything]
    return model(
        "design",
        {
            "vary": (vary, "By path, values to try: a list, or 'low:high:number'.", {}),
            "kind": (name_type("design", DESIGNS), "How points are laid out.", "grid"),
            "points": (whole_type(1, MOST_WORLDS), "Number of points, unless a grid.", 64),
            "worlds": (whole_type(1, MOST_WORLDS), "Worlds a point.", 500),
        },
    )
