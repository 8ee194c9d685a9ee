"""Who the server of the dashboard answers: the page itself, for what it needs, and nobody else."""

import asyncio
import logging
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sim.dashboard.desk import Desk
from sim.dashboard.guard import Guard
from sim.dashboard.living import WORLDS
from sim.errors import InputError

PAGE = "http://127.0.0.1:8765"
HOST = {"host": "127.0.0.1:8765"}
SOCKET = "/jupyter/api/kernels/5d3b-1/channels"
GOODBYE = "/_solara/api/close/5d3b-1"
FOREIGN = [
    "http://127.0.0.1:9999",
    "http://localhost:8765",
    "https://127.0.0.1:8765",
    "http://elsewhere.example",
    "http://127.0.0.1:8765.elsewhere.example",
    "http://127.0.0.1:87650",
    "HTTP://127.0.0.1:8765",
    "null",
    "",
]


def asked(app: Any, path: str, headers: dict[str, str] | list[tuple[str, str]], method: str = "GET") -> dict[str, Any]:
    """Ask an application; ``method`` ``WS`` opens a websocket. Returns what it sent: status, headers, body."""
    pairs = headers.items() if isinstance(headers, dict) else headers
    scope: dict[str, Any] = {
        "type": "websocket" if method == "WS" else "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in pairs],
        "client": ("127.0.0.1", 50000),
        "server": ("127.0.0.1", 8765),
        "scheme": "ws" if method == "WS" else "http",
    }
    if method != "WS":
        scope["method"] = method
    sent: dict[str, Any] = {"body": b""}

    requests = [{"type": "http.request", "body": b"", "more_body": False}]

    async def receive() -> Any:
        return requests.pop() if requests else await asyncio.Event().wait()

    async def send(message: Any) -> None:
        sent["first"] = sent.get("first") or message["type"]
        if message["type"] == "http.response.start":
            sent["status"] = message["status"]
            sent["headers"] = {name.decode(): value.decode() for name, value in message["headers"]}
        sent["body"] += message.get("body", b"")

    asyncio.run(app(scope, receive, send))
    return sent


async def _behind(scope: Any, receive: Any, send: Any) -> None:
    """An application that answers whatever it is asked, and tells the headers that reached it."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
        return
    names = b" ".join(name for name, _ in scope["headers"])
    await send({"type": "http.response.start", "status": 200, "headers": [(b"x-frame-options", b"ALLOWALL")]})
    await send({"type": "http.response.body", "body": names})


@pytest.fixture
def guard(tmp_path: Path) -> Guard:
    (tmp_path / "library").mkdir()
    (tmp_path / "library" / "main.js").write_text("")
    return Guard(_behind, tmp_path)


def opens(guard: Guard, headers: dict[str, str] | list[tuple[str, str]], path: str = SOCKET) -> bool:
    return bool(asked(guard, path, headers, "WS")["first"] == "websocket.accept")


def test_the_page_itself_is_answered(guard: Guard) -> None:
    assert opens(guard, {**HOST, "origin": PAGE})
    assert opens(guard, {"host": "localhost:9000", "origin": "http://localhost:9000"})
    for path in ("/", "/static/main.js", "/_solara/cdn/library/main.js", "/jupyter/nbextensions/a/nodeps.js"):
        assert asked(guard, path, {**HOST, "sec-fetch-site": "same-origin"})["status"] == 200
        assert asked(guard, path, HOST)["status"] == 200
    assert asked(guard, GOODBYE, {**HOST, "origin": PAGE}, "POST")["status"] == 200


@pytest.mark.parametrize("origin", FOREIGN)
def test_another_page_is_refused(guard: Guard, origin: str) -> None:
    foreign = {**HOST, "origin": origin}
    assert asked(guard, SOCKET, foreign, "WS")["first"] == "websocket.close"
    for path, method in (("/", "GET"), ("/static/main.js", "GET"), (GOODBYE, "POST")):
        assert asked(guard, path, foreign, method)["status"] == 403


def test_a_socket_and_a_post_must_say_where_they_come_from(guard: Guard) -> None:
    assert not opens(guard, HOST)
    assert not opens(guard, [*HOST.items(), ("origin", PAGE), ("origin", "http://elsewhere.example")])
    assert asked(guard, GOODBYE, HOST, "POST")["status"] == 403


@pytest.mark.parametrize(
    "host",
    [
        "elsewhere.example",
        "elsewhere.example:8765",
        "127.0.0.1.elsewhere.example",
        "127.0.0.1:8765@elsewhere",
        "[::1]:8765",
        "127.0.0.1:",
        "127.0.0.1:8765\n",
        "",
    ],
)
def test_a_name_that_was_made_to_lead_here_is_refused(guard: Guard, host: str) -> None:
    """Also where Origin and Host agree, as they do when a name of another's is bound to this machine."""
    assert asked(guard, "/", {"host": host})["status"] == 400
    assert not opens(guard, {"host": host, "origin": f"http://{host}"})


def test_a_request_without_a_name_or_with_two_is_refused(guard: Guard) -> None:
    assert asked(guard, "/", {})["status"] == 400
    assert asked(guard, "/", [*HOST.items(), ("host", "elsewhere.example")])["status"] == 400


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_other_sites_may_only_link_to_the_page(guard: Guard, site: str) -> None:
    def told(path: str, mode: str, into: str) -> int:
        told = {**HOST, "sec-fetch-site": site, "sec-fetch-mode": mode, "sec-fetch-dest": into}
        return int(asked(guard, path, told)["status"])

    assert told("/", "navigate", "document") == 200
    assert told("/", "navigate", "iframe") == 403
    assert told("/", "no-cors", "empty") == 403
    assert told("/static/main.js", "no-cors", "script") == 403
    assert told("/static/main.js", "navigate", "document") == 403


@pytest.mark.parametrize(
    "path",
    [
        "/resourcez",
        "/readyz",
        "/etc/passwd",
        "/jupyter/api/kernels/1",
        "/jupyter/nbextensions/",
        "/_solara/api/evict/1",
        "/_solara/cdn/library",
        "/_solara/cdn/other/main.js",
        "/_solara/cdn/../serve.py",
        "/static/../settings.py",
        "/static/./main.js",
        "/static//etc/passwd",
        "/static/..\\settings.py",
        "/static/a\0.js",
        "static/main.js",
        "",
    ],
)
def test_what_the_page_does_not_need_is_not_there(guard: Guard, path: str) -> None:
    assert asked(guard, path, HOST)["status"] == 404
    assert not opens(guard, {**HOST, "origin": PAGE}, path)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_nothing_is_written(guard: Guard, method: str) -> None:
    for path in ("/", "/static/main.js", "/_solara/api/evict/1"):
        assert asked(guard, path, {**HOST, "origin": PAGE}, method)["status"] == 404


def test_every_answer_keeps_the_page_apart(guard: Guard) -> None:
    for headers in (HOST, {"host": "elsewhere.example"}, {**HOST, "origin": "null"}):
        told = asked(guard, "/", headers)["headers"]
        assert "frame-ancestors 'none'" in told["content-security-policy"]
        assert "default-src 'self'" in told["content-security-policy"]
        assert "elsewhere" not in told["content-security-policy"]
        assert told["x-frame-options"] == "DENY"
        assert told["cross-origin-resource-policy"] == told["cross-origin-opener-policy"] == "same-origin"
        assert "access-control-allow-origin" not in told


def test_the_words_of_a_proxy_are_not_passed_on(guard: Guard) -> None:
    words = {"x-forwarded-host": "elsewhere.example", "x-script-name": "/a", "script-name": "/a", "forwarded": "host=a"}
    assert asked(guard, "/", {**HOST, **words})["body"] == b"host"


@pytest.fixture(scope="module")
def served() -> Any:
    pytest.importorskip("solara", reason="the extra `dashboard` is not installed")
    from sim.dashboard.serve import application

    return application()


@pytest.mark.parametrize(
    "path",
    [
        "/resourcez",
        "/readyz",
        "/static/%2e%2e/settings.py",
        "/static/../settings.py",
        "/static/public/page.py",
        "/static/assets/../dashboard/page.py",
        "/static/solara_bootstrap.py/../../settings.py",
        "/jupyter/nbextensions/../../etc/jupyter/nbconfig/notebook.json",
        "/jupyter/api/kernels/1",
        "/_solara/cdn/requirejs@2.3.6",
        "/_solara/cdn/none@1.0.0/none.js",
        "/dashboard/page.py",
    ],
)
def test_the_server_gives_no_file_but_those_of_the_page(served: Any, path: str) -> None:
    assert asked(served, path, HOST)["status"] == 404


def test_asking_for_a_folder_of_libraries_leaves_it_there(served: Any) -> None:
    from solara.server import settings

    folder = settings.assets.proxy_cache_dir / "requirejs@2.3.6"
    assert asked(served, f"/_solara/cdn/{folder.name}/require.js", HOST)["status"] == 200
    assert asked(served, f"/_solara/cdn/{folder.name}", HOST)["status"] == 404
    assert folder.is_dir()


LONG = "x" * 10_000
ODD: list[Any] = [None, True, 1.5, "", LONG, [], {}, [[1]], float("nan"), -1, 10**9, "1000"]


@pytest.fixture
def page() -> Any:
    pytest.importorskip("solara", reason="the extra `dashboard` is not installed")
    from sim.dashboard import page

    return page


@pytest.mark.parametrize("name", ["/etc/passwd", "../x.yaml", "us: {red_lime: 2}\n", "template", *ODD])
def test_only_an_offered_scenario_is_opened(page: Any, name: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.dashboard.desk.loaded_scenario", lambda _: pytest.fail("something was opened"))
    with pytest.raises(InputError, match="does not offer the scenario"):
        page.acted(Desk("baghdad-2020"), ["choose", name])


@pytest.mark.parametrize("count", [0, 8000, 10**12, WORLDS[0] + 0.0, *ODD])
def test_only_an_offered_number_of_worlds_is_lived(page: Any, count: Any) -> None:
    with pytest.raises(InputError, match="does not offer the number of worlds"):
        page.acted(Desk("baghdad-2020"), ["live", count])


def test_what_is_offered_is_done(page: Any) -> None:
    desk = Desk("baghdad-2020")
    assert page.acted(desk, ["live", WORLDS[-1]]) == replace(desk, worlds=WORLDS[-1])
    assert page.acted(desk, ["choose", "aid-cut"]).source == "aid-cut"
    assert page.moved(desk, {"us.red_line": 4}).moves == {"us.red_line": 4}


@pytest.mark.parametrize("told", [*ODD, ["choose"], ["close", 1], [["choose"], 1], ["live", 250, 1]])
def test_an_act_that_the_page_does_not_have_is_refused(page: Any, told: Any) -> None:
    with pytest.raises(InputError):
        page.acted(Desk("baghdad-2020"), told)


@pytest.mark.parametrize("told", [*[odd for odd in ODD if odd != {}], {"title": 1}, {"horizon": 9}, {"": 0}])
def test_a_lever_that_the_page_does_not_have_is_refused(page: Any, told: Any) -> None:
    with pytest.raises(InputError):
        page.moved(Desk("baghdad-2020"), told)


@pytest.mark.parametrize("value", [odd for odd in ODD if odd != 1.5])
def test_a_lever_is_not_moved_to_what_is_no_number_in_its_range(page: Any, value: Any) -> None:
    with pytest.raises(InputError):
        page.moved(Desk("baghdad-2020"), {"us.red_line": value})


def test_a_choice_that_was_not_offered_is_not_heeded_and_logged(page: Any, caplog: pytest.LogCaptureFixture) -> None:
    from sim.dashboard.widgets_page import only

    heard: list[Any] = []
    answer = only("day", [1, 2], heard.append)
    with caplog.at_level(logging.WARNING):
        for told in (2, 3, True, "1", None, [1], {"day": 1}):
            answer(told)
    assert heard == [2]
    assert len(caplog.records) == 6
