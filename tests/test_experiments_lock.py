"""The lock of a folder ends with the process that took it, however it ends, whatever its children do."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from sim.errors import InputError
from sim.experiments.lock import NAME, locked

ORPHAN = """
import os, sys, time
from pathlib import Path
from sim.experiments.lock import locked
with locked(Path(sys.argv[1])):
    child = os.fork()
    if child == 0:
        time.sleep(600)
        os._exit(0)
    print(child, flush=True)
    time.sleep(600)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="nothing is forked here")
def test_a_child_that_outlives_its_parent_does_not_hold_it(tmp_path: Path) -> None:
    """As workers of a pool do whose parent was killed."""
    process = subprocess.Popen([sys.executable, "-c", ORPHAN, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    child = int(process.stdout.readline())
    try:
        with pytest.raises(InputError, match=f"written by process {process.pid} on"), locked(tmp_path):
            pytest.fail("it is held")
        process.kill()
        process.wait()
        with locked(tmp_path):
            assert (tmp_path / NAME).read_text().startswith(f"{os.getpid()} on")
    finally:
        os.kill(child, signal.SIGKILL)
        process.kill()
        process.stdout.close()
