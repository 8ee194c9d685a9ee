"""Python policies: a function or object that chooses for one actor in the Mesa driver and sees only what it sees.

A policy is a callable ``choose(view, options) -> option``, or an object with a method of that name. It is named in a
scenario (``policies: {us: my_module:policy}``) or handed to :class:`sim.CrisisModel`. A human seat is one such policy.
A policy compiled by :func:`sim.rule` is called by the rules themselves (:mod:`sim.world.outside`), any other from here.

An object may say more: with ``seat = True`` it is asked every day, not only on days on which the rulebook's actor would
sit; a policy of Tehran with a method ``orders(view) -> {group: directive}`` also directs the groups.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sim.errors import InputError, whole
from sim.scenario import in_plain_python, python_policy
from sim.view import View
from sim.world.names import Directive
from sim.world.outside import address_of, is_rule

if TYPE_CHECKING:
    from sim.drivers.deliberation import Option
    from sim.scenario import Scenario


Choose = Callable[[View, Sequence["Option"]], "Option"]


class Policies:
    """The policies of a world from outside the package, by actor id.

    Attributes:
        compiled: addresses of the compiled ones that were given; those that the scenario names are in its tables.

    Raises:
        InputError: a policy cannot be imported, compiled or called, or names an actor that is not in the scenario.
    """

    def __init__(self, scenario: Scenario, given: Mapping[str, Any] | None = None) -> None:
        named = {actor: name for actor, name in scenario.policies.items() if in_plain_python(name)}
        built = {actor: _built(actor, policy) for actor, policy in {**named, **(given or {})}.items()}
        self._groups = tuple(group.id for group in scenario.groups)
        for actor in built:
            if actor not in scenario.actors:
                raise InputError(f"policy for unknown actor '{actor}'; actors: {', '.join(scenario.actors)}")
        self.compiled = {actor: address_of(each, f"of {actor}") for actor, each in built.items() if is_rule(each)}
        self._owner = {actor: policy for actor, policy in built.items() if actor not in self.compiled}
        self._choose = {actor: _callable(actor, policy) for actor, policy in self._owner.items()}

    def __contains__(self, actor: str) -> bool:
        return actor in self._choose

    def is_seat(self, actor: str) -> bool:
        """Whether an actor is asked every day."""
        return bool(getattr(self._owner.get(actor), "seat", False))

    def gives_orders(self, actor: str) -> bool:
        """Whether the policy of ``actor`` directs the groups, too."""
        return hasattr(self._owner.get(actor), "orders")

    def orders(self, actor: str, view: View) -> dict[str, int]:
        """The directives (:class:`sim.world.names.Directive`) that a policy gives today, by group.

        Raises:
            InputError: the policy raised, or orders what cannot be ordered; names actor and day.
        """
        try:
            given = dict(self._owner[actor].orders(view))
        except Exception as error:
            raise InputError(f"the policy of {actor} failed on day {view.day}: {error!r}") from error
        where = f"the policy of {actor} gave an order on day {view.day}"
        for group in given:
            if group not in self._groups:
                raise InputError(f"{where} to {group!r}, which is no group; groups: {', '.join(self._groups)}")
        return {
            group: whole(f"{where} to {group}, which", word, min(Directive), max(Directive))
            for group, word in given.items()
        }

    def choose(self, actor: str, view: View, options: Sequence[Option]) -> Option:
        """Ask the policy of ``actor``.

        Raises:
            InputError: the policy raised or returned something that is not one of the options; names actor and day.
        """
        try:
            chosen = self._choose[actor](view, options)
        except Exception as error:
            raise InputError(f"the policy of {actor} failed on day {view.day}: {error!r}") from error
        if chosen not in options:
            raise InputError(
                f"the policy of {actor} chose {chosen!r} on day {view.day}, which is not one of its options"
            )
        return chosen


def _built(actor: str, policy: Any) -> Any:
    """The policy itself: imported if it is named, made if it is a class."""
    if isinstance(policy, str):
        policy = python_policy(policy)
    if not isinstance(policy, type):
        return policy
    try:
        return policy()
    except Exception as error:  # the class is another author's and may raise anything
        raise InputError(
            f"the policy of {actor}, the class {policy.__name__}, cannot be made without arguments ({error!r}); give"
            f" an object of it instead: in a scenario the name of one in its module"
        ) from error


def _callable(actor: str, policy: Any) -> Choose:
    choose = getattr(policy, "choose", policy)
    if not callable(choose):
        raise InputError(f"the policy of {actor} must be callable or have a method 'choose', not {policy!r}")
    return choose
