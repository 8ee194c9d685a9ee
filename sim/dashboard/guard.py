"""Who is answered: the page itself and nobody else. A filter before the server of the dashboard.

A browser lets a page of any site send requests to this machine, open a websocket to it and show it in a frame. So every
request must name this machine, come from the page, and ask for something that the page needs; what is sent back tells
the browser to load nothing from elsewhere and to show the page in no other.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from pathlib import Path
from typing import Any

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

HOST = re.compile(r"(127\.0\.0\.1|localhost)(:[0-9]{1,5})?", re.ASCII)
"""Names of this machine, with any port, since a port may be forwarded; a name of another's making leads here, too."""
LIBRARIES = "/_solara/cdn/"
FILES = (LIBRARIES, "/static/", "/jupyter/nbextensions/")
SOCKET = re.compile(r"/jupyter/api/kernels/[0-9A-Za-z-]+/channels", re.ASCII)
GOODBYE = re.compile(r"/_solara/api/close/[0-9A-Za-z-]+", re.ASCII)
READING = ("GET", "HEAD")
OWN_SITES = ("same-origin", "none")
"""Where a request comes from, as the browser says it: from the page, or from the user himself."""
OF_PROXIES = re.compile(rb"x-forwarded-.*|forwarded|(x-)?script-name", re.DOTALL)
"""Headers by which a proxy says where the page really is; there is none, and Solara would believe them."""


class Guard:
    """An ASGI application that lets the page alone reach another one.

    Args:
        app: the application behind it.
        libraries: folder of the libraries that the page loads; a request for what is not in it goes no further, since
            Solara would fetch it or clear it away.
    """

    def __init__(self, app: App, libraries: Path) -> None:
        self._app, self._libraries = app, libraries

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or refuse."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        status = self.refusal(scope)
        if scope["type"] == "websocket":
            await (self._app(_direct(scope), receive, send) if not status else send({"type": "websocket.close"}))
            return
        sending = _shielded(send, _one(scope, b"host") or "")
        await (self._app(_direct(scope), receive, sending) if not status else _refuse(sending, status))

    def refusal(self, scope: Scope) -> int:
        """The status with which a request is refused: 400 another machine's name, 403 not the page, 404 not for it.

        Returns:
            0 for a request of the page. A websocket that is refused always gets 403, from the server.
        """
        host = _one(scope, b"host")
        if host is None or not HOST.fullmatch(host):
            return 400
        if not _is_own(scope, f"http://{host}"):
            return 403
        return 0 if self._is_needed(scope) else 404

    def _is_needed(self, scope: Scope) -> bool:
        """Whether the page asks for such a thing."""
        path = str(scope["path"])
        if scope["type"] == "websocket":
            return bool(SOCKET.fullmatch(path))
        if scope["method"] == "POST":
            return bool(GOODBYE.fullmatch(path))
        return scope["method"] in READING and (path == "/" or self._is_file(path))

    def _is_file(self, path: str) -> bool:
        """Whether a path may be that of a file of the page; the server looks whether it is there."""
        if not path.startswith(FILES) or not path.isprintable() or "\\" in path:
            return False
        if {"", ".", ".."} & set(path.split("/")[1:]):
            return False
        return not path.startswith(LIBRARIES) or (self._libraries / path.removeprefix(LIBRARIES)).is_file()


def _is_own(scope: Scope, page: str) -> bool:
    """Whether a request comes from the page, or from the user who opens it in a tab."""
    origins = _all(scope, b"origin")
    if scope["type"] == "websocket" or scope["method"] not in READING:
        return origins == [page]
    if any(origin != page for origin in origins):
        return False
    site = _one(scope, b"sec-fetch-site")
    return site is None or site in OWN_SITES or _opens_tab(scope)


def _opens_tab(scope: Scope) -> bool:
    """Whether a link elsewhere opens the page in a tab, where nobody but the user sees it."""
    kind = _one(scope, b"sec-fetch-mode"), _one(scope, b"sec-fetch-dest")
    return scope["path"] == "/" and kind == ("navigate", "document")


def _all(scope: Scope, name: bytes) -> list[str]:
    return [value.decode("latin-1") for key, value in scope["headers"] if key.lower() == name]


def _one(scope: Scope, name: bytes) -> str | None:
    """A header that is sent once; None where it is missing or sent twice."""
    values = _all(scope, name)
    return values[0] if len(values) == 1 else None


def _direct(scope: Scope) -> Scope:
    """A request without what only a proxy would say."""
    return {**scope, "headers": [each for each in scope["headers"] if not OF_PROXIES.fullmatch(each[0].lower())]}


async def _refuse(send: Send, status: int) -> None:
    words = {400: "this is another machine", 403: "this is for the page alone", 404: "there is no such thing"}
    body = words[status].encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _shielded(send: Send, host: str) -> Send:
    """Send answers with what keeps the page apart from all others."""

    async def sending(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*_kept(message.get("headers", ())), *shields(host)]}
        await send(message)

    return sending


def _kept(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """The headers of an answer but those that the shields replace."""
    replaced = {name for name, _ in shields("")}
    return [(name, value) for name, value in headers if name.lower() not in replaced]


def shields(host: str) -> list[tuple[bytes, bytes]]:
    """Headers that keep the page apart: no frame around it, nothing from elsewhere in it, no other page reads it."""
    own = f" ws://{host}" if HOST.fullmatch(host) else ""
    policy = {
        "default-src": "'self'",
        "script-src": "'self' 'unsafe-inline' 'unsafe-eval'",  # Vue compiles its templates in the browser
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "connect-src": f"'self'{own}",
        "object-src": "'none'",
        "frame-src": "'none'",
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    found = {
        "content-security-policy": "; ".join(f"{name} {sources}" for name, sources in policy.items()),
        "x-frame-options": "DENY",
        "x-content-type-options": "nosniff",
        "referrer-policy": "same-origin",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
    }
    return [(name.encode(), value.encode()) for name, value in found.items()]
