"""What comes of a run: its tables, its folder, its report, and the story of one world."""

from sim.results.chronicle import Chronicle
from sim.results.daily import Daily
from sim.results.export import event_rows, export_events
from sim.results.intervals import wilson
from sim.results.run import Run, open_run
from sim.results.scores import OUTCOME_QUESTIONS, decode
from sim.results.store import Overwrite

__all__ = [
    "OUTCOME_QUESTIONS",
    "Chronicle",
    "Daily",
    "Overwrite",
    "Run",
    "decode",
    "event_rows",
    "export_events",
    "open_run",
    "wilson",
]
