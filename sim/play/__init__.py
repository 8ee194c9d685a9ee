"""Take a seat: a game of the crisis, at the terminal or from a script."""

from sim.play.game import Choice, Game
from sim.play.session import go_on, play
from sim.play.table import Setting
from sim.play.terminal import Terminal, read_script

__all__ = ["Choice", "Game", "Setting", "Terminal", "go_on", "play", "read_script"]
