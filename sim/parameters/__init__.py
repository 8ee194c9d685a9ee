"""Every number of the model, declared once: world-wide quantities, quantities of the actors, mindsets."""

from sim.parameters.actors import ACTORS
from sim.parameters.before import ACTORS_BEFORE, BEFORE
from sim.parameters.beliefs import BELIEFS
from sim.parameters.mindsets import MINDSETS, Mindset
from sim.parameters.politics import POLITICS
from sim.parameters.violence import VIOLENCE

PARAMETERS = BELIEFS + VIOLENCE + POLITICS + BEFORE
ACTOR_PARAMETERS = ACTORS + ACTORS_BEFORE

__all__ = ["ACTOR_PARAMETERS", "MINDSETS", "PARAMETERS", "Mindset"]
