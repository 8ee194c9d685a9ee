"""Random scenarios as hypothesis strategies: valid by construction, drawn from the declarations and not from a list."""

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from sim.actions import CATALOGUE, Action
from sim.parameters import ACTOR_PARAMETERS, MINDSETS, PARAMETERS
from sim.quantity import KINDS, Quantity
from sim.scenario.action_quantities import action_quantities, fields_of
from sim.scenario.people import POLICIES
from sim.scenario.quantities import BLOC_FIELDS, EVENT_FIELDS, SEASON, TROOP_LEVEL
from sim.scenario.scripts import NEEDS_TARGET, counts_of, targets_of

Mapping = dict[str, Any]
STATES = KINDS[:-1]
GROUPS = ("kataib_hezbollah", "asaib_ahl_al_haq", "badr", "first_new_group", "second_new_group")
START = date(2020, 9, 28)
LONGEST_LAG = 12
"""Days; longer ones would seldom land within the short horizons drawn here."""


def numbers(quantity: Quantity) -> st.SearchStrategy[float]:
    """Any allowed value, the ends of the range as often as everything between."""
    low, high = quantity.low, quantity.high
    ends = st.sampled_from([low, high, quantity.default])
    if quantity.whole:
        return st.one_of(ends, st.integers(int(low), int(high))).map(int)
    return st.one_of(ends, st.floats(low, high, allow_subnormal=False)).map(float)


@st.composite
def values(draw: st.DrawFn, quantity: Quantity) -> Any:
    """A number, or at times a distribution that gives such numbers."""
    first, second = draw(numbers(quantity)), draw(numbers(quantity))
    form = draw(st.sampled_from(["number", "number", "uniform", "choice"]))
    if form == "number" or first == second:
        return first
    return {form: sorted([first, second])}


@st.composite
def some(draw: st.DrawFn, quantities: list[Quantity], most: int) -> Mapping:
    """Values of at most ``most`` quantities, by the last part of their path."""
    if not quantities:
        return {}
    chosen = draw(st.lists(st.sampled_from(quantities), max_size=most, unique_by=lambda each: each.path))
    return {each.path.rpartition(".")[2]: draw(values(each)) for each in chosen}


@st.composite
def worldly(draw: st.DrawFn) -> Mapping:
    """Sections of quantities of the world."""
    sections: Mapping = {}
    for quantity in draw(st.lists(st.sampled_from(PARAMETERS), max_size=30, unique_by=lambda each: each.path)):
        section, _, name = quantity.path.partition(".")
        sections.setdefault(section, {})[name] = draw(values(quantity))
    return sections


def of_kind(kind: str) -> list[Quantity]:
    """The quantities that a kind of actor has."""
    return [each.of(kind) for each in ACTOR_PARAMETERS if kind in each.defaults]


@st.composite
def changed_action(draw: st.DrawFn, action: Action) -> Mapping:
    """Changes to one row of the catalogue."""
    known = action_quantities()
    fields = [known[f"actions.{action.id}.{each.name}"] for each in fields_of(action)]
    plain = [each for each in fields if "lag_" not in each.path and ".effects." not in each.path]
    change: Mapping = draw(some(plain, 3))
    if "enabled" in change:
        change["enabled"] = draw(st.booleans())
    if draw(st.booleans()):
        change["lag"] = sorted(draw(st.lists(st.integers(0, LONGEST_LAG), min_size=3, max_size=3)))
    effects = draw(some([each for each in fields if ".effects." in each.path], 2))
    return change | ({"effects": effects} if effects else {})


@st.composite
def actions(draw: st.DrawFn) -> Mapping:
    """Changes to a few rows of the catalogue."""
    rows = draw(st.lists(st.sampled_from(CATALOGUE), max_size=6, unique_by=lambda action: action.act))
    return {action.id: draw(changed_action(action)) for action in rows}


@st.composite
def event(draw: st.DrawFn, actors: list[str], horizon: int) -> Mapping:
    """A scripted act of an actor who can do it."""
    by = draw(st.sampled_from(actors))
    kind = by if by in STATES else "militia"
    act = draw(st.sampled_from([each.id for each in CATALOGUE if each.owner.name.lower() == kind]))
    counts = draw(some([each for each in EVENT_FIELDS if each.path in counts_of(act)], 3))
    told = {name: value for name, value in counts.items() if not isinstance(value, dict)}
    groups = [actor for actor in actors if actor not in STATES]
    targets = targets_of(act, by, groups)
    at = draw(st.sampled_from([*targets] if act in NEEDS_TARGET else [None, *targets]))
    return {"day": draw(st.integers(0, horizon - 1)), "act": act, "by": by} | told | ({"at": at} if at else {})


@st.composite
def calendar(draw: st.DrawFn, horizon: int) -> Mapping:
    """Election, inauguration, anniversaries, troop steps and seasons in and around the horizon."""
    days = st.integers(0, horizon).map(lambda day: START + timedelta(days=day))
    election = draw(st.none() | days)
    dated: Mapping = {"election": election, "anniversaries": draw(st.lists(days, max_size=3))}
    dated["inauguration"] = election + timedelta(days=draw(st.integers(1, 90))) if election else None
    steps = draw(st.lists(days, max_size=2, unique=True))
    dated["troop_steps"] = [{"date": day, "level": draw(numbers(TROOP_LEVEL))} for day in steps]
    dated["seasons"] = {
        name: [draw(numbers(SEASON))] * 12 for name in draw(st.sets(st.sampled_from(["rocket", "ied"])))
    }
    return dated


@st.composite
def parliament(draw: st.DrawFn) -> Mapping:
    """None to four blocs."""
    count = draw(st.integers(0, 4))
    return {"blocs": {f"bloc_{k}": {each.path: draw(numbers(each)) for each in BLOC_FIELDS} for k in range(count)}}


@st.composite
def minds(draw: st.DrawFn, actors: list[str]) -> Mapping:
    """Policies, and mixtures of the shipped mindsets with an actor's own numbers."""
    chosen = draw(st.sets(st.sampled_from(actors), max_size=3))
    policies = {actor: draw(st.sampled_from(POLICIES)) for actor in sorted(chosen)}
    mixtures = {}
    for mind in draw(st.lists(st.sampled_from(sorted(MINDSETS.values(), key=str)), max_size=2, unique_by=str)):
        actor = mind.kind if mind.kind in STATES else "militias"
        mixtures[actor] = {mind.name: 0.5, "default": 0.5}
    return {"policies": policies, "mindsets": mixtures}


@st.composite
def scenarios(draw: st.DrawFn, most_days: int = 25) -> Mapping:
    """A whole scenario as a mapping that :func:`sim.load` takes; 1 to 5 groups, 1 to ``most_days`` days."""
    horizon = draw(st.integers(1, most_days))
    groups = draw(st.lists(st.sampled_from(GROUPS), min_size=1, unique=True))
    actors = [*STATES, *groups]
    states = {kind: draw(some(of_kind(kind), 4)) for kind in STATES}
    house = draw(parliament())
    sections = draw(worldly())
    return {
        **{name: section for name, section in states.items() if section},
        **sections,
        "parliament": sections.get("parliament", {}) | house,
        "title": "a random scenario",
        "horizon": horizon,
        "seed": draw(st.integers(0, 2**63 - 1)),
        "militias": {group: draw(some(of_kind("militia"), 8)) for group in groups},
        "actions": draw(actions()),
        "events": draw(st.lists(event(actors, horizon), max_size=4)),
        "calendar": draw(calendar(horizon)),
        **draw(minds(actors)),
    }
