"""Compiled policies from outside the package, as a user would write them; tests name them ``outside_policies:...``."""

from typing import Any

import sim
from sim.actions import Act
from sim.world.names import Class, Directive, Stage


@sim.rule
def worth(option: Any) -> float:
    """A helper of a policy is compiled, too."""
    return option.utility


@sim.rule
def best(seen: Any, options: Any) -> int:
    """The rule ``expected_utility`` written again."""
    found = 0
    for k in range(len(options)):
        if worth(options[k]) > worth(options[found]):
            found = k
    return found


@sim.rule
def hold(seen: Any, options: Any) -> int:
    """The rule ``passive`` written again."""
    for k in range(len(options)):
        if options[k].kind == Class.HOLD:
            return k
    return -1


@sim.rule
def moody(seen: Any, options: Any) -> int:
    """Looks at everything that can be seen, and draws by its own luck."""
    mood = seen.luck[0] + 0.1 * seen.luck[1] + 0.01 * seen.days_since_attack + seen.fear - seen.rate
    for g in range(seen.n_groups):
        group = seen.groups[g]
        mood += group.blame + group.control
        if group.directive == Directive.PRESS:
            mood += 0.5
    if seen.stage != Stage.OPEN or seen.before_election == 1 or seen.rocket_chance == 1:
        mood *= 1.5
    if options[0].act == Act.US_HOLD and options[len(options) - 1].rung > 3:
        mood += options[0].terms[0]
    return int(abs(mood) * 7.0) % len(options)


@sim.rule
def vandal(seen: Any, options: Any) -> int:
    """The rule ``expected_utility``, then scribbles on all it was shown."""
    found = best(seen, options)
    for k in range(len(options)):
        options[k].act, options[k].utility, options[k].target = 0, -9.0, 3
    seen.day, seen.clock = 3, -1.0
    return found


@sim.rule
def divides(seen: Any, options: Any) -> int:
    if seen.day >= 12:
        return int(1.0 / (seen.clock - seen.clock))
    return hold(seen, options)


@sim.rule
def complains(seen: Any, options: Any) -> int:
    if seen.day >= 12:
        raise ValueError("no idea what to do")
    return hold(seen, options)


@sim.rule
def beyond(seen: Any, options: Any) -> int:
    return len(options) if seen.day >= 12 else hold(seen, options)


@sim.rule
def outside_the_array(seen: Any, options: Any) -> int:
    return options[500].act if seen.day >= 12 else hold(seen, options)


@sim.rule
def misspelt(seen: Any, options: Any) -> int:
    return 1 if seen.clok > 2.0 else 0


@sim.rule
def fraction(seen: Any, options: Any) -> float:
    return 0.5


@sim.rule
def text(seen: Any, options: Any) -> str:
    return "us.hold"


@sim.rule
def sorts(seen: Any, options: Any) -> Any:
    return max(options, key=lambda option: option.utility)


@sim.rule
def nameless(seen: Any, options: Any) -> int:
    return wibble(seen)  # type: ignore[name-defined, no-any-return] # noqa: F821 that is the point


@sim.rule
def alone(seen: Any) -> int:
    return 0


def plain(view: Any, options: Any) -> Any:
    """A policy in plain Python."""
    return options[0]
