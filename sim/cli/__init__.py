"""The commands: each calls one public function and prints what it returns."""

from sim.cli import scenarios, worlds, studies, evidence, follow, cache  # noqa: F401, I001 in the order of the help
from sim.cli.app import app, main

__all__ = ["app", "main"]
