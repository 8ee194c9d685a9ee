"""Start the server of the dashboard, for this machine alone and without any network."""

from __future__ import annotations

import os
from typing import Any

from sim.dashboard.offer import offer
from sim.errors import InputError, require

HOST = "127.0.0.1"
HOSTS = [HOST, "localhost"]
"""Names under which the server answers; any other is refused, so that no web page can reach it by a name of its own."""
PORT = 8765
SETTINGS = {
    "SOLARA_APP": "sim.dashboard.page",
    "SOLARA_MODE": "production",
    "SOLARA_THEME_LOADER": "plain",
    "SOLARA_THEME_VARIANT": "light",
    "SOLARA_THEME_TITLE": "Escalation simulator",
    "SOLARA_ASSETS_CDN": f"http://{HOST}:9/",  # what the installed assets lack is missing, never fetched
    "SOLARA_ASSETS_FONTAWESOME_ENABLED": "False",
    "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "False",
}


def serve(source: str = "", port: int = PORT) -> None:
    """Serve the dashboard until interrupted.

    Args:
        source: scenario to open first, shipped or a file.
        port: port on the loopback interface.

    Raises:
        MissingExtra: the extra ``dashboard`` is not installed.
        InputError: the port is taken.
    """
    uvicorn = require("uvicorn", "dashboard")
    app = application(source)
    config = uvicorn.Config(app, host=HOST, port=port, log_level="warning")
    try:
        socket = config.bind_socket()
    except SystemExit:
        raise InputError(
            f"port {port} cannot be used: it is taken, or not allowed; choose another with --port"
        ) from None
    print(f"Dashboard: http://{HOST}:{port} (end with Ctrl+C)")
    uvicorn.Server(config).run(sockets=[socket])


def application(source: str = "") -> Any:
    """The ASGI application, with everything a page needs coming from the installed packages.

    Raises:
        MissingExtra: the extra ``dashboard`` is not installed.
    """
    require("solara", "dashboard")
    require("solara_assets", "dashboard")
    os.environ.update(SETTINGS)
    if source:
        offer(source)
    from solara.server.starlette import app
    from starlette.middleware.trustedhost import TrustedHostMiddleware

    return TrustedHostMiddleware(app, allowed_hosts=HOSTS)
