"""Dask as the executor of a sweep."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from typing import Any

from sim.errors import InputError, SimError, require

RETRIES = 3
PATIENCE = "30s"
"""How long to wait for a scheduler at the start."""


@contextmanager
def cluster(address: str) -> Iterator[Executor]:
    """Give the workers of a Dask scheduler as an executor; work of a worker that dies goes to another.

    Workers need this package in the same version and must see the folder of the sweep under the same path.

    Args:
        address: of the scheduler, such as ``tcp://127.0.0.1:8786``.

    Raises:
        MissingExtra: Dask is not installed.
        InputError: there is no scheduler at the address.
        SimError: the scheduler was lost, or a part of the sweep killed several workers one after another.
    """
    distributed: Any = require("distributed", "cluster")
    try:
        client = distributed.Client(address, timeout=PATIENCE)
    except (OSError, ValueError) as error:
        raise InputError(f"no Dask scheduler answers at '{address}' ({error})") from None
    with client, _quiet():
        try:
            yield client.get_executor(retries=RETRIES, pure=False)
        except (distributed.KilledWorker, distributed.comm.CommClosedError) as error:
            raise SimError(f"{error}; what is finished is kept: run the same again to go on") from error


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the tracebacks that Dask logs when a connection breaks from the terminal; the error says what is wrong."""
    loggers = [logging.getLogger(name) for name in ("distributed.client", "distributed.utils", "distributed.core")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
