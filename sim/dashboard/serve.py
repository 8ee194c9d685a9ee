"""Start the server of the dashboard, for this machine alone and without any network."""

from __future__ import annotations

import socket
import warnings
from typing import Any

from sim.dashboard.guard import Guard
from sim.dashboard.offer import offer
from sim.errors import InputError, require

HOST = "127.0.0.1"
PORT = 8765
TITLE = "Escalation simulator"
NO_CDN = f"http://{HOST}:9/"
"""Where Solara would look for what its installed assets lack: nowhere, so that it is missing, never fetched."""


def serve(source: str = "", port: int = PORT) -> None:
    """Serve the dashboard until interrupted.

    Args:
        source: scenario to open first, shipped or a file, or the folder of a run.
        port: port on the loopback interface.

    Raises:
        MissingExtra: the extra ``dashboard`` is not installed.
        InputError: the scenario or the run cannot be opened; the port is taken, or no port.
    """
    uvicorn = require("uvicorn", "dashboard")
    if source:
        offer(source)
    with _listening(port) as listener:
        server = uvicorn.Server(uvicorn.Config(application(), log_level="warning", proxy_headers=False))
        print(f"Dashboard: http://{HOST}:{listener.getsockname()[1]} (end with Ctrl+C)", flush=True)
        server.run(sockets=[listener])


def _listening(port: int) -> socket.socket:
    """A socket that listens on the loopback interface alone."""
    try:
        return socket.create_server((HOST, port))
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or "it is no number from 1 to 65535"
        raise InputError(f"port {port} cannot be used ({reason}); choose another with --port") from None


def application() -> Any:
    """The ASGI application: for the page alone, with everything it needs coming from the installed packages.

    Raises:
        MissingExtra: the extra ``dashboard`` is not installed.
    """
    require("solara", "dashboard")
    require("solara_assets", "dashboard")
    _settle()
    from solara.server import settings
    from solara.server.app import AppScript, apps
    from solara.server.starlette import app

    apps["__default__"] = AppScript("sim.dashboard.page")
    return Guard(app, settings.assets.proxy_cache_dir)


def _settle() -> None:
    """Switch off whatever Solara would fetch, report or watch; set here, whatever the environment says."""
    import solara.settings
    from solara.server import settings

    solara.settings.assets.cdn = NO_CDN
    settings.assets.fontawesome_enabled = False
    settings.telemetry.mixpanel_enable = False
    settings.main.mode = "production"
    settings.theme.loader = "plain"
    settings.theme.show_banner = False
    settings.theme.title = TITLE
    # A page on this machine is never embedded in another site, which is what the warning is about.
    warnings.filterwarnings("ignore", message="Cookies with samesite=none")
