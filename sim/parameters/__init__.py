"""Every number of the model, declared once: world-wide quantities, quantities of the actors, mindsets."""

from sim.parameters.actors import ACTOR_PARAMETERS
from sim.parameters.beliefs import BELIEFS
from sim.parameters.mindsets import MINDSETS, Mindset
from sim.parameters.politics import POLITICS
from sim.parameters.violence import VIOLENCE

PARAMETERS = BELIEFS + VIOLENCE + POLITICS

__all__ = ["ACTOR_PARAMETERS", "MINDSETS", "PARAMETERS", "Mindset"]
