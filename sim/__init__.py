"""An escalation simulator of the Baghdad embassy crisis: agents that decide for reasons, fitted on the record.

>>> import sim
>>> scenario = sim.load("baghdad-2020")
>>> scenario.horizon
90
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from sim.version import __version__ as __version__

if TYPE_CHECKING:
    from sim.analysis.backtest import BacktestSchedule as BacktestSchedule
    from sim.analysis.backtest import backtest as backtest
    from sim.analysis.calibrate import FitSize as FitSize
    from sim.analysis.calibrate import calibrate as calibrate
    from sim.analysis.compare import compare as compare
    from sim.analysis.compare_rules import compare_rules as compare_rules
    from sim.analysis.discover import DiscoverySearch as DiscoverySearch
    from sim.analysis.discover import discover as discover
    from sim.analysis.explain import explain as explain
    from sim.analysis.interest import Interest as Interest
    from sim.analysis.record import Record as Record
    from sim.analysis.record import load_record as load_record
    from sim.analysis.sensitivity import SensitivityPlan as SensitivityPlan
    from sim.analysis.sensitivity import sensitivity as sensitivity
    from sim.analysis.uncertainty import UncertaintyLayout as UncertaintyLayout
    from sim.analysis.uncertainty import uncertainty as uncertainty
    from sim.analysis.validate import validate as validate
    from sim.drivers.mesa_model import CrisisModel as CrisisModel
    from sim.drivers.replay import replay as replay
    from sim.errors import InputError as InputError
    from sim.errors import MissingExtra as MissingExtra
    from sim.errors import SimError as SimError
    from sim.evidence.follow import FollowSettings as FollowSettings
    from sim.evidence.follow import follow as follow
    from sim.experiments.dataset import Sweep as Sweep
    from sim.experiments.opening import open_run as open_run
    from sim.experiments.plan import SweepSettings as SweepSettings
    from sim.experiments.sweep import sweep as sweep
    from sim.progress import progress_bar as progress_bar
    from sim.results.run import Run as Run
    from sim.results.run import run as run
    from sim.results.store import Overwrite as Overwrite
    from sim.scenario import Design as Design
    from sim.scenario import Scenario as Scenario
    from sim.scenario import load as load
    from sim.scenario import shipped as shipped
    from sim.scenario.question import Question as Question
    from sim.view import View as View
    from sim.world.outside import rule as rule

_PUBLIC = {
    "BacktestSchedule": "sim.analysis.backtest",
    "CrisisModel": "sim.drivers.mesa_model",
    "Design": "sim.scenario",
    "DiscoverySearch": "sim.analysis.discover",
    "FitSize": "sim.analysis.calibrate",
    "FollowSettings": "sim.evidence.follow",
    "InputError": "sim.errors",
    "Interest": "sim.analysis.interest",
    "MissingExtra": "sim.errors",
    "Overwrite": "sim.results.store",
    "Question": "sim.scenario.question",
    "Record": "sim.analysis.record",
    "Run": "sim.results.run",
    "Scenario": "sim.scenario",
    "SensitivityPlan": "sim.analysis.sensitivity",
    "SimError": "sim.errors",
    "Sweep": "sim.experiments.dataset",
    "SweepSettings": "sim.experiments.plan",
    "UncertaintyLayout": "sim.analysis.uncertainty",
    "View": "sim.view",
    "backtest": "sim.analysis.backtest",
    "calibrate": "sim.analysis.calibrate",
    "compare": "sim.analysis.compare",
    "compare_rules": "sim.analysis.compare_rules",
    "discover": "sim.analysis.discover",
    "explain": "sim.analysis.explain",
    "follow": "sim.evidence.follow",
    "load": "sim.scenario",
    "load_record": "sim.analysis.record",
    "open_run": "sim.experiments.opening",
    "progress_bar": "sim.progress",
    "replay": "sim.drivers.replay",
    "rule": "sim.world.outside",
    "run": "sim.results.run",
    "sensitivity": "sim.analysis.sensitivity",
    "shipped": "sim.scenario",
    "sweep": "sim.experiments.sweep",
    "uncertainty": "sim.analysis.uncertainty",
    "validate": "sim.analysis.validate",
}
__all__ = list(_PUBLIC)


def __getattr__(name: str) -> Any:
    """Import a public name on first use, so that ``import sim`` stays light."""
    if name not in _PUBLIC:
        raise AttributeError(f"module 'sim' has no attribute '{name}'")
    return getattr(import_module(_PUBLIC[name]), name)


def __dir__() -> list[str]:
    return __all__
