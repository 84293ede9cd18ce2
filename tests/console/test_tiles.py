"""Own tiles come through this server only: one host, images only, kept; everything else is a clear no."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from flask import Flask, Response, redirect
from werkzeug.serving import make_server

from console.problems import Problem
from console.tiles import KEPT, TILE_MAX, Tiles
from tests.console.conftest import Desk
from tests.console.livehouse import LiveHouse

PNG = b"\x89PNG\r\n\x1a\n tile"
KINDS = {
    "png": (PNG, "image/png"),
    "html": (b"<script>", "text/html"),
    "svg": (b"<svg/>", "image/svg+xml"),
    "huge": (b"x" * (TILE_MAX + 1), "image/png"),
}


class TileHost:
    """Somebody's tile server on the loopback."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        app = Flask("tiles")

        @app.get("/<kind>/<key>/<path:path>")
        def tile(kind: str, key: str, path: str) -> Response:
            self.asked.append(path)
            if kind == "moved":
                return redirect(f"/png/{key}/{path}")  # type: ignore[return-value]
            body, media = KINDS[kind]
            return Response(body, mimetype=media)

        self.server = make_server("127.0.0.1", 0, app, threaded=True)
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,))
        self.thread.start()

    def template(self, kind: str) -> str:
        return f"http://127.0.0.1:{self.server.port}/{kind}/secret-key/{{z}}/{{x}}/{{y}}.png"


@pytest.fixture
def host() -> Iterator[TileHost]:
    made = TileHost()
    yield made
    made.server.shutdown()
    made.thread.join()
    made.server.server_close()


def status(tiles: Tiles, *at: int) -> int:
    with pytest.raises(Problem) as caught:
        tiles.get(*at)
    return caught.value.status


def test_a_tile_is_fetched_once_and_kept(host: TileHost) -> None:
    tiles = Tiles(host.template("png"))
    assert tiles.get(3, 6, 2) == tiles.get(3, 6, 2) == (PNG, "image/png")
    assert host.asked == ["3/6/2.png"]
    for x in range(KEPT + 5):
        tiles.get(12, x, 0)
    assert len(tiles._kept) == KEPT


@pytest.mark.parametrize("at", [(21, 0, 0), (2, 4, 0), (2, 0, 4)])
def test_outside_of_the_world_nobody_is_asked(host: TileHost, at: tuple[int, int, int]) -> None:
    assert status(Tiles(host.template("png")), *at) == 404
    assert host.asked == []


@pytest.mark.parametrize("kind", ["html", "svg", "huge", "moved", "absent"])
def test_what_is_no_image_of_this_host_is_not_passed_on(host: TileHost, kind: str) -> None:
    assert status(Tiles(host.template(kind)), 1, 0, 0) == 502
    assert len(host.asked) <= 1


def test_without_an_address_there_are_no_tiles_and_no_other_scheme() -> None:
    assert status(Tiles(""), 1, 0, 0) == 404
    assert status(Tiles("file:///etc/{z}/{x}/{y}"), 1, 0, 0) == 404
    assert status(Tiles("http://127.0.0.1:1/{z}/{x}/{y}"), 1, 0, 0) == 502


def test_a_screen_gets_them_from_us_and_never_sees_the_key(tmp_path, host: TileHost) -> None:
    live = LiveHouse(tmp_path, tile_url=host.template("png"))
    desk = Desk(live)
    client = desk.client("operator")
    answer = client.get("/tiles/3/6/2")
    assert (answer.data, answer.mimetype, answer.headers["Cache-Control"]) == (
        PNG,
        "image/png",
        "private, max-age=86400",
    )
    shell = client.get("/").text
    assert 'data-tiles="/tiles/{z}/{x}/{y}"' in shell
    assert "secret-key" not in shell
    desk.close()
    live.close()


def test_without_own_tiles_the_page_asks_for_none(desk: Desk) -> None:
    client = desk.client("operator")
    assert 'data-tiles=""' in client.get("/").text
    assert client.get("/tiles/3/6/2").status_code == 404
